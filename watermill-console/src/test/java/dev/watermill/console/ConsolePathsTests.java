package dev.watermill.console;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;

import static org.assertj.core.api.Assertions.assertThat;

class ConsolePathsTests {

	private final WaterMillConsoleProperties properties = new WaterMillConsoleProperties();

	private final WebEndpointProperties endpoints = new WebEndpointProperties();

	@ParameterizedTest
	@CsvSource(textBlock = """
			/watermill,  /watermill,  /watermill-console/,      actuator/watermill
			watermill/,  /watermill,  /watermill-console/,      actuator/watermill
			,            /watermill,  /watermill-console/,      actuator/watermill
			'',          /watermill,  /watermill-console/,      actuator/watermill
			/,           /,           /watermill-console/,      actuator/watermill
			/ops/mills,  /ops/mills,  /ops/watermill-console/,  ../actuator/watermill
			/a/b/c,      /a/b/c,      /a/b/watermill-console/,  ../../actuator/watermill
			""")
	void standsWhereItIsToldTo(String path, String page, String assets, String endpoint) {
		this.properties.setPath(path);
		assertThat(ConsolePaths.of(this.properties, this.endpoints, false))
			.isEqualTo(new ConsolePaths(page, assets, endpoint));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			/actuator,           watermill,          false,  /watermill,          actuator/watermill
			/manage/,            '',                 false,  /watermill,          manage/watermill
			/actuator,           /mills/all,         false,  /watermill,          actuator/mills/all
			/,                   mills,              false,  /watermill,          mills
			/,                   mills,              true,   /watermill,          mills
			'',                  watermill,          false,  /watermill-console,  watermill
			/,                   watermill,          false,  /watermill-console,  watermill
			/,                   watermill,          true,   /watermill-console,  watermill
			/watermill,          watermill,          false,  /watermill-console,  watermill/watermill
			/watermill,          watermill-console,  true,   /watermill-console,  watermill/watermill-console
			/,                   watermill-console,  false,  /watermill/console,  ../watermill-console
			/watermill-console,  watermill,          false,  /watermill,          watermill-console/watermill
			/,                   /,                  false,  /watermill/console,  ../
			""")
	void findsTheEndpointAndKeepsOutOfItsWay(String basePath, String mapped, boolean ownPort, String page,
			String endpoint) {
		this.endpoints.setBasePath(basePath);
		this.endpoints.getPathMapping().put("watermill", mapped);
		ConsolePaths paths = ConsolePaths.of(this.properties, this.endpoints, ownPort);
		assertThat(paths.page()).isEqualTo(page);
		assertThat(paths.endpoint()).isEqualTo(endpoint);
	}

	@Test
	void callsTheEndpointThatItIsTold() {
		this.properties.setPath("/ops/mills");
		this.properties.setEndpoint(" /api/mills ");
		assertThat(ConsolePaths.of(this.properties, this.endpoints, false).endpoint()).isEqualTo("/api/mills");
	}

}
