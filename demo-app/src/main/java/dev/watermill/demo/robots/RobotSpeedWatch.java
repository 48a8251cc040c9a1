package dev.watermill.demo.robots;

import dev.watermill.delivery.MillContext;
import dev.watermill.spring.WaterMillProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Reads what another mill writes to a topic, and shows it arriving.
 */
@Component
@Profile("kafka")
class RobotSpeedWatch {

	private static final Logger logger = LoggerFactory.getLogger("demo");

	@WaterMillProcessor("watch-speeds")
	void watch(RobotSpeed speed, MillContext context) {
		if (speed.time() % 200 == 0) {
			logger.info("arrived at robot-speeds@{}: {}", context.offset().orElse(-1), speed);
		}
	}

}
