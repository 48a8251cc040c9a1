package dev.watermill.demo.robots;

import org.springframework.stereotype.Component;

/**
 * How fast a robot may go.
 */
@Component
class SpeedLimits {

	boolean isExceeded(double speed) {
		return speed > 0.9;
	}

}
