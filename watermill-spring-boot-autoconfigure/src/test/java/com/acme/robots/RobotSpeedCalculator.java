package com.acme.robots;

import java.util.List;
import java.util.Map;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;

@WaterMillProcessor("robot-speed")
class RobotSpeedCalculator {

	RobotSpeed calculate(RobotLocation from,
			@JoinOn(left = "time + 10", right = "time") Map<RobotLocation, List<RobotLocationNextStep>> next,
			SpeedLimits limits) {
		RobotLocationNextStep to = next.get(from).get(0);
		double distance = Math.hypot(to.x() - from.x(), to.y() - from.y());
		return new RobotSpeed(from.time(), limits.cut(distance / (to.time() - from.time())));
	}

}
