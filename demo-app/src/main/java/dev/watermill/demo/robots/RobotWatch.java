package dev.watermill.demo.robots;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;

/**
 * Sums up the robots every few seconds, for as long as the demo runs.
 */
@WaterMillProcessor("robot-activity")
class RobotWatch {

	RobotActivity sumUp(@WindowBy(every = "5s") List<RobotPosition> positions) {
		Map<Integer, Double> last = new HashMap<>();
		Map<Integer, Double> travelled = new HashMap<>();
		for (RobotPosition position : positions) {
			Double before = last.put(position.robot(), position.x());
			if (before != null) {
				travelled.merge(position.robot(), Math.abs(position.x() - before), Double::sum);
			}
		}
		int busiest = travelled.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(0);
		return new RobotActivity(positions.get(0).tick(), positions.get(positions.size() - 1).tick(), positions.size(),
				busiest);
	}

}
