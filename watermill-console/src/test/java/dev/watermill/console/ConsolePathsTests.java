package dev.watermill.console;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConsolePathsTests {

	private final WaterMillConsoleProperties properties = new WaterMillConsoleProperties();

	@ParameterizedTest
	@CsvSource(textBlock = """
			/watermill,  /watermill,  /watermill-console/,      actuator/watermill
			watermill/,  /watermill,  /watermill-console/,      actuator/watermill
			/,           /,           /watermill-console/,      actuator/watermill
			'',          /,           /watermill-console/,      actuator/watermill
			/ops/mills,  /ops/mills,  /ops/watermill-console/,  ../actuator/watermill
			/a/b/c,      /a/b/c,      /a/b/watermill-console/,  ../../actuator/watermill
			""")
	void standsWhereItIsToldTo(String path, String page, String assets, String endpoint) {
		this.properties.setPath(path);
		assertThat(ConsolePaths.of(this.properties, "/actuator", Map.of()))
			.isEqualTo(new ConsolePaths(page, assets, endpoint));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			/actuator,  watermill,   actuator/watermill
			/manage/,   watermill,   manage/watermill
			'',         watermill,   watermill
			/,          watermill,   watermill
			/actuator,  /mills/all,  actuator/mills/all
			""")
	void findsTheEndpoint(String basePath, String mapped, String endpoint) {
		assertThat(ConsolePaths.of(this.properties, basePath, Map.of("watermill", mapped)).endpoint())
			.isEqualTo(endpoint);
	}

	@Test
	void callsTheEndpointThatItIsTold() {
		this.properties.setPath("/ops/mills");
		this.properties.setEndpoint(" /api/mills ");
		assertThat(ConsolePaths.of(this.properties, "/actuator", Map.of()).endpoint()).isEqualTo("/api/mills");
	}

}
