package dev.watermill.demo.robots;

import java.util.List;
import java.util.Map;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

/**
 * Joins a stream with itself, ten seconds apart.
 */
@WaterMillProcessor("robot-speed")
class RobotSpeedCalculator {

	RobotSpeed calculate(RobotLocation from,
			@JoinOn(left = "time + 10", right = "time") Map<RobotLocation, List<RobotLocationNextStep>> next,
			SpeedLimits limits) {
		RobotLocationNextStep to = next.get(from).get(0);
		double distance = Math.hypot(to.x() - from.x(), to.y() - from.y());
		double speed = Math.round(distance / (to.time() - from.time()) * 1000) / 1000.0;
		return new RobotSpeed(from.time(), speed, limits.isExceeded(speed));
	}

}
