package dev.watermill.demo.robots;

import java.util.Map;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

import org.springframework.context.annotation.Profile;

/**
 * Joins each report of a robot with its next one, in as many lanes as the topic has
 * partitions: start the demo twice, and each instance has half of them.
 */
@WaterMillProcessor("fleet-speed")
@Profile("fleet")
class FleetSpeedCalculator {

	FleetSpeed calculate(@FromStream("fleet-position") RobotPosition from,
			@FromStream("next-fleet-position") @JoinOn(left = "tick + 12",
					right = "tick") Map<RobotPosition, RobotPosition> next) {
		return new FleetSpeed(from.tick(), from.robot(), Math.abs(next.get(from).x() - from.x()));
	}

}
