package com.acme.robots;

import java.util.Map;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

@WaterMillProcessor("robot-speed")
class RobotSpeedCalculator {

	RobotSpeed calculate(RobotLocation from,
			@JoinOn(left = "time + 10", right = "time") Map<RobotLocation, RobotLocationNextStep> next,
			SpeedLimits limits) {
		RobotLocationNextStep to = next.get(from);
		double speed = Math.hypot(to.x() - from.x(), to.y() - from.y()) / (to.time() - from.time());
		return new RobotSpeed(from.time(), Math.min(speed, limits.max()));
	}

}
