package com.acme.robots;

import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

@Component
class FastRobots {

	@WaterMillProcessor
	@ToStream("fast-robot")
	@Nullable RobotSpeed fastRobots(RobotSpeed speed) {
		return (speed.speed() > 1) ? speed : null;
	}

}
