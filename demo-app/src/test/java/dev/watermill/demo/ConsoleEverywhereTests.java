package dev.watermill.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.Keys;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo's console in a browser, wherever an application may have it: the page loads,
 * shows the mills, and its buttons act.
 */
class ConsoleEverywhereTests {

	private static final String SERVER = "local.server.port";

	@TempDir
	static Path directory;

	private static Browser browser;

	private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

	@BeforeAll
	static void startBrowser() {
		browser = Browser.start();
		browser.look(1280, 900, "light");
	}

	@AfterAll
	static void stopBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@AfterEach
	void stopApplications() {
		browser.open("about:blank");
		browser.log();
		this.applications.forEach(ConfigurableApplicationContext::close);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			textBlock = """
					# type,   port,                   path,               settings
					SERVLET,  local.server.port,      /watermill,         --watermill.console.path=
					SERVLET,  local.server.port,      /watermill-console, --watermill.console.path= --management.endpoints.web.base-path=/
					SERVLET,  local.server.port,      /app/,              --server.servlet.context-path=/app
					SERVLET,  local.server.port,      /app/api/ops/mills, --server.servlet.context-path=/app --spring.mvc.servlet.path=/api --watermill.console.path=/ops/mills
					SERVLET,  local.management.port,  /in/watermill,      --management.server.port=0 --management.server.base-path=/in --management.endpoints.web.base-path=/ --management.endpoints.web.path-mapping.watermill=mills --watermill.console.path=
					REACTIVE, local.server.port,      /,                  -
					REACTIVE, local.server.port,      /watermill-console, --watermill.console.path= --management.endpoints.web.base-path=/
					REACTIVE, local.server.port,      /app/ops/mills,     --spring.webflux.base-path=/app --watermill.console.path=/ops/mills
					REACTIVE, local.management.port,  /in/watermill-console, --management.server.port=0 --management.server.base-path=/in --management.endpoints.web.base-path=/ --watermill.console.path=
					""")
	void works(WebApplicationType type, String port, String path, String settings) throws IOException {
		ConfigurableApplicationContext application = start(type,
				(settings != null) ? settings.split(" ") : new String[0]);
		browser.open(url(application, port) + path);
		assertActs(application);
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void worksBehindAProxyThatStripsAPrefix(WebApplicationType type) throws IOException {
		ConfigurableApplicationContext application = start(type, "--watermill.console.path=/ops/mills");
		try (PrefixStrippingProxy proxy = new PrefixStrippingProxy("/tools/", URI.create(url(application, SERVER)))) {
			browser.open(proxy.url() + "ops/mills");
			assertActs(application);
			browser.open("about:blank");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void worksForWhoHasSignedInBehindAProxy(WebApplicationType type) throws IOException {
		ConfigurableApplicationContext application = startSecured(type, "--server.forward-headers-strategy=framework");
		try (PrefixStrippingProxy proxy = new PrefixStrippingProxy("/tools/", URI.create(url(application, SERVER)))) {
			browser.open(proxy.url());
			signIn();
			assertThat(browser.eval("location.href").asString()).startsWith(proxy.url());
			assertActs(application);
			browser.open("about:blank");
		}
	}

	@Test
	void worksWithTheEndpointOfAnotherOrigin() throws IOException {
		ConfigurableApplicationContext elsewhere = start(WebApplicationType.SERVLET,
				"--management.endpoints.web.cors.allowed-origin-patterns=http://localhost:[*]",
				"--management.endpoints.web.cors.allowed-methods=GET,POST",
				"--management.endpoints.web.cors.allowed-headers=Content-Type",
				"--management.endpoints.web.cors.allow-credentials=true");
		// Another site, too
		String endpoint = url(elsewhere, SERVER).replace("localhost", "127.0.0.1") + "/actuator/watermill";
		ConfigurableApplicationContext application = start(WebApplicationType.REACTIVE,
				"--watermill.console.endpoint=" + endpoint);
		browser.open(url(application, SERVER) + "/");
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		browser.click("#mill-robot-activity [data-action=pause]");
		browser.awaitText("#mill-robot-activity .badge", "PAUSED");
		assertThat(stateOf(elsewhere)).isEqualTo(MillState.PAUSED);
		assertThat(stateOf(application)).isEqualTo(MillState.RUNNING);
		assertThat(browser.log()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			SERVLET,  local.server.port,      --spring.main.banner-mode=off
			REACTIVE, local.management.port,  --management.server.port=0
			""")
	void worksForWhoHasSignedIn(WebApplicationType type, String port, String setting) throws IOException {
		ConfigurableApplicationContext application = start(type,
				List.of(DemoApplication.class,
						(type == WebApplicationType.SERVLET) ? ServletSecurity.class : ReactiveSecurity.class),
				setting, "--watermill.console.path=");
		browser.open(url(application, port) + "/watermill");
		signIn();
		assertActs(application);
	}

	private static void signIn() {
		browser.click("input[name=username]");
		browser.press("operator" + Keys.TAB + "secret" + Keys.ENTER);
		browser.awaitText("#live-text", "Live");
		// What is wrong with the login is not about the console
		assertThat(browser.log()).noneMatch((entry) -> entry.contains("watermill"));
	}

	private void assertActs(ConfigurableApplicationContext application) {
		browser.awaitText("#live-text", "Live");
		assertThat(browser.text("#overview-title")).isEqualTo("5 mills");
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		browser.click("#mill-robot-activity [data-action=pause]");
		browser.awaitText("#mill-robot-activity .badge", "PAUSED");
		assertThat(stateOf(application)).isEqualTo(MillState.PAUSED);
		browser.click("#mill-robot-activity [data-action=resume]");
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		assertThat(stateOf(application)).isEqualTo(MillState.RUNNING);
		assertThat(browser.log()).isEmpty();
	}

	private static MillState stateOf(ConfigurableApplicationContext application) {
		return application.getBean(Mills.class).get("robot-activity").state();
	}

	private ConfigurableApplicationContext start(WebApplicationType type, String... arguments) throws IOException {
		return start(type, List.of(DemoApplication.class), arguments);
	}

	private ConfigurableApplicationContext startSecured(WebApplicationType type, String... arguments)
			throws IOException {
		Class<?> security = (type == WebApplicationType.SERVLET) ? ServletSecurity.class : ReactiveSecurity.class;
		return start(type, List.of(DemoApplication.class, security), arguments);
	}

	private ConfigurableApplicationContext start(WebApplicationType type, List<Class<?>> sources, String... arguments)
			throws IOException {
		Path own = Files.createTempDirectory(directory, "demo");
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--watermill.state-dir=" + own.resolve("state"),
				// With two servers on the class path Spring Boot has one of them too many
				"--spring.autoconfigure.exclude=" + TomcatReactiveManagementContextAutoConfiguration.class.getName()));
		DemoOutputs.writeTo(own, (name, value) -> all.add("--" + name + "=" + value.get()));
		all.addAll(List.of(arguments));
		ConfigurableApplicationContext application = new SpringApplicationBuilder(sources.toArray(Class[]::new))
			.web(type)
			.run(all.toArray(String[]::new));
		this.applications.add(application);
		return application;
	}

	private static String url(ConfigurableApplicationContext application, String port) {
		return "http://localhost:" + application.getEnvironment().getProperty(port);
	}

	private static UserDetails operator() {
		return User.withUsername("operator").password("{noop}secret").roles("OPERATOR").build();
	}

	/**
	 * Spring Security with the chain that it has by default. No configuration class,
	 * which every other test of the demo would find.
	 */
	@EnableWebSecurity
	static class ServletSecurity {

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(operator());
		}

	}

	/**
	 * The same in a reactive application.
	 */
	@EnableWebFluxSecurity
	static class ReactiveSecurity {

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(operator());
		}

	}

}
