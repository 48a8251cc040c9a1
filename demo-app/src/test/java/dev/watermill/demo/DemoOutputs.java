package dev.watermill.demo;

import java.nio.file.Path;
import java.util.List;

import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * The files that the demo writes.
 */
final class DemoOutputs {

	private static final List<String> FILES = List.of("city-comparison.json", "monthly-weather.json",
			"robot-speed.json", "robot-activity.jsonl", "trade-quality.json");

	private DemoOutputs() {
	}

	/**
	 * Let the demo write to a directory of a test's own.
	 */
	static void writeTo(Path directory, DynamicPropertyRegistry registry) {
		for (String file : FILES) {
			String stream = file.substring(0, file.lastIndexOf('.'));
			registry.add("watermill.streams." + stream + ".file", () -> directory.resolve(file).toString());
		}
	}

}
