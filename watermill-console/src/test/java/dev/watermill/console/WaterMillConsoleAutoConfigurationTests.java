package dev.watermill.console;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownPropertyException;
import dev.watermill.spring.mill.WaterMillAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;

class WaterMillConsoleAutoConfigurationTests {

	private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(watermill-console/[^\"]+)\"");

	private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class,
					DispatcherServletAutoConfiguration.class, EndpointAutoConfiguration.class,
					WebEndpointAutoConfiguration.class, WaterMillConsoleAutoConfiguration.class));

	@Test
	void servesThePage() {
		run((mvc) -> assertThat(mvc.get().uri("/watermill")).hasStatusOk()
			.hasHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
			.hasHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
			.hasHeader("X-Content-Type-Options", "nosniff")
			.bodyText()
			.contains("name=\"watermill-endpoint\" content=\"actuator/watermill\"")
			.doesNotContain("{{"));
	}

	@Test
	void letsThePageRunNothingButItsOwn() {
		run((mvc) -> {
			MvcTestResult page = mvc.get().uri("/watermill").exchange();
			assertThat(page.getResponse().getHeader("Content-Security-Policy")).startsWith("default-src 'self';")
				.contains("frame-ancestors 'self'")
				.doesNotContain("unsafe");
			assertThat(page).bodyText().doesNotContain("style=").doesNotContain("http://").doesNotContain("https://");
		});
	}

	@Test
	void servesWhatThePageIsMadeOf() {
		run((mvc) -> {
			String page = body(mvc, "/watermill");
			assertThat(REFERENCE.matcher(page).results().map((found) -> found.group(1)).toList())
				.contains("watermill-console/console.css", "watermill-console/console.js", "watermill-console/icon.svg")
				.allSatisfy((asset) -> assertThat(mvc.get().uri("/" + asset)).hasStatusOk());
			ConsoleFile.assets().forEach((asset) -> {
				String text = body(mvc, "/watermill-console/" + asset.name());
				assertThat(IMPORT.matcher(text).results().map((found) -> found.group(1)).toList())
					.allSatisfy((imported) -> assertThat(mvc.get().uri("/watermill-console/" + imported)).hasStatusOk()
						.hasHeader(HttpHeaders.CONTENT_TYPE, "text/javascript;charset=UTF-8"));
			});
			assertThat(mvc.get().uri("/watermill-console/console.html")).hasStatus(HttpStatus.NOT_FOUND);
		});
	}

	@Test
	void answersBrowsersThatHaveThePageAlready() {
		run((mvc) -> {
			String etag = mvc.get().uri("/watermill").exchange().getResponse().getHeader(HttpHeaders.ETAG);
			assertThat(mvc.get().uri("/watermill").header(HttpHeaders.IF_NONE_MATCH, etag))
				.hasStatus(HttpStatus.NOT_MODIFIED);
			assertThat(mvc.head().uri("/watermill")).hasStatusOk();
			assertThat(mvc.post().uri("/watermill")).hasStatus4xxClientError();
		});
	}

	@Test
	void standsAtTheRootIfToldTo() {
		run((mvc) -> {
			assertThat(mvc.get().uri("/")).hasStatusOk().bodyText().contains("<title>WaterMill</title>");
			assertThat(mvc.get().uri("/watermill-console/console.css")).hasStatusOk();
			assertThat(mvc.get().uri("/watermill")).hasStatus(HttpStatus.NOT_FOUND);
		}, "watermill.console.path=/");
	}

	@Test
	void escapesTheEndpoint() {
		run((mvc) -> assertThat(mvc.get().uri("/watermill")).bodyText()
			.contains("content=\"/x?a=1&amp;b=&quot;&gt;&lt;script&gt;\""),
				"watermill.console.endpoint=/x?a=1&b=\"><script>");
	}

	@Test
	void findsTheEndpointWhereTheActuatorHasIt() {
		run((mvc) -> assertThat(mvc.get().uri("/ops/mills")).bodyText().contains("content=\"../manage/mills\""),
				"watermill.console.path=/ops/mills", "management.endpoints.web.base-path=/manage",
				"management.endpoints.web.path-mapping.watermill=mills");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			/watermill,              '',           watermill,  endpoint 'watermill'
			/mills/,                 /,            mills,      endpoint 'watermill'
			/actuator/watermill,     /actuator,    watermill,  endpoint 'watermill'
			/actuator/watermill/x,   /actuator,    watermill,  endpoint 'watermill'
			/ops/mills,              /ops,         watermill-console,  endpoint 'watermill'
			/actuator,               /actuator,    watermill,  management.endpoints.web.discovery.enabled
			""")
	void refusesAPathWhereItCouldNotBeReached(String path, String basePath, String mapped, String words) {
		this.contextRunner
			.withPropertyValues("watermill.console.path=" + path, "management.endpoints.web.base-path=" + basePath,
					"management.endpoints.web.path-mapping.watermill=" + mapped)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo("watermill.console.path");
					assertThat(failure.getValue()).isEqualTo(path);
					assertThat(failure.getReason()).contains(words);
				}));
	}

	@Test
	void takesThePathOfTheEndpointsWhereNothingIsFoundThere() {
		run((mvc) -> assertThat(mvc.get().uri("/actuator")).bodyText().contains("content=\"actuator/watermill\""),
				"watermill.console.path=/actuator", "management.endpoints.web.discovery.enabled=false");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://ops.example.com:8443/a/watermill,  https://ops.example.com:8443
			http://127.0.0.1:9090/watermill,           http://127.0.0.1:9090
			HTTPS://Ops.Example.com,                   https://ops.example.com
			//ops.example.com/watermill?a=1,           ops.example.com
			https://bücher.example/watermill,          https://xn--bcher-kva.example
			""")
	void letsThePageCallAnEndpointOfAnotherOrigin(String endpoint, String origin) {
		run((mvc) -> {
			MvcTestResult page = mvc.get().uri("/watermill").exchange();
			assertThat(page.getResponse().getHeader("Content-Security-Policy")).startsWith("default-src 'self'; ")
				.contains("; connect-src 'self' " + origin + "; ");
			assertThat(page).bodyText().contains("content=\"" + HtmlUtils.htmlEscape(endpoint) + "\"");
		}, "watermill.console.endpoint=" + endpoint);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/mills", "api/mills", "../mills?a=http://ops.example.com" })
	void letsThePageCallNobodyElse(String endpoint) {
		run((mvc) -> assertThat(mvc.get().uri("/watermill")).headers()
			.hasValue("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; "
					+ "frame-ancestors 'self'; object-src 'none'"),
				"watermill.console.endpoint=" + endpoint);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			ftp://ops.example.com/watermill,              http
			javascript:alert(1),                          http
			localhost:9090/actuator/watermill,            http
			https:///watermill,                           host
			https:ops.example.com/watermill,              host
			https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example,  host
			https://ops.example.com;script-src */x,       host
			https://user:secret@ops.example.com/x,        host
			https://[::1]:8080/watermill,                 IPv6
			https://ops.example.com:99999999/watermill,   port
			""")
	void refusesAnEndpointThatNoPageCanCall(String endpoint, String words) {
		this.contextRunner.withPropertyValues("watermill.console.endpoint=" + endpoint)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo("watermill.console.endpoint");
					assertThat(failure.getReason()).contains(words);
				}));
	}

	@Test
	void isNotThereIfNotWanted() {
		this.contextRunner.withPropertyValues("watermill.console.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RouterFunction.class));
	}

	@Test
	void isNotThereWithoutTheActuator() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillConsoleAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RouterFunction.class));
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillConsoleAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RouterFunction.class));
	}

	@Test
	void isNotThereWithoutAWebApplication() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EndpointAutoConfiguration.class, WaterMillConsoleAutoConfiguration.class))
			.withBean(WebEndpointProperties.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("watermillConsole"));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WaterMillConsoleAutoConfiguration.class))
			.withClassLoader(
					new FilteredClassLoader("org.springframework.web", "org.springframework.boot.webmvc", "jakarta"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("watermillConsole"));
	}

	@Test
	void needsNothingOfReactiveApplications() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("reactor", "org.springframework.web.reactive",
					"org.springframework.boot.webflux", "org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RouterFunction.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "watermill.console.enabled=false", "watermill.console.path=/mills" })
	void isKnownToTheSettingsOfMills(String property) {
		this.contextRunner.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class))
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed());
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(WaterMillConsoleAutoConfiguration.class, WaterMillAutoConfiguration.class))
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void refusesSettingsThatDoNotExist() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(WaterMillAutoConfiguration.class))
			.withPropertyValues("watermill.console.pat=/mills")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(UnknownPropertyException.class)
				.hasMessageContaining("watermill.console.pat"));
	}

	@Test
	void standsUnderTheContextPath() {
		try (ConfigurableApplicationContext context = start("--server.servlet.context-path=/app",
				"--watermill.console.path=/")) {
			RestClient client = client(context, "local.server.port");
			assertThat(get(client, "/app/")).contains("content=\"actuator/watermill\"");
			assertThat(get(client, "/app/watermill-console/console.js")).contains("import");
			assertThat(get(client, "/app/actuator/watermill")).contains("mills");
		}
	}

	@Test
	void standsNextToTheEndpointOnAPortOfItsOwn() {
		try (ConfigurableApplicationContext context = start("--management.server.port=0",
				"--management.server.base-path=/inside")) {
			RestClient management = client(context, "local.management.port");
			assertThat(get(management, "/inside/watermill")).contains("content=\"actuator/watermill\"");
			assertThat(get(management, "/inside/watermill-console/console.js")).contains("import");
			assertThat(get(management, "/inside/actuator/watermill")).contains("mills");
			HttpStatusCode status = client(context, "local.server.port").get()
				.uri("/watermill")
				.exchange((request, response) -> response.getStatusCode());
			assertThat(status).isEqualTo(HttpStatus.NOT_FOUND);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void makesRoomForAnEndpointAtItsOwnPathAndSaysWhereItIs(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("--management.endpoints.web.base-path=/",
				"--logging.level.dev.watermill.console=info")) {
			RestClient client = client(context, "local.server.port");
			assertThat(get(client, "/watermill")).startsWith("{\"mills\"");
			assertThat(get(client, "/watermill-console")).contains("<title>WaterMill</title>")
				.contains("content=\"watermill\"");
			assertThat(get(client, "/watermill-console/console.js")).contains("import");
			assertThat(output).containsOnlyOnce("The console is at path '/watermill-console'");
		}
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.properties("server.port=0", "management.endpoints.web.exposure.include=watermill")
			.run(arguments);
	}

	private static RestClient client(ConfigurableApplicationContext context, String port) {
		return RestClient.create("http://localhost:" + context.getEnvironment().getProperty(port));
	}

	private static String get(RestClient client, String path) {
		return client.get().uri(path).retrieve().body(String.class);
	}

	private void run(Consumer<MockMvcTester> test, String... properties) {
		this.contextRunner.withPropertyValues(properties).run((context) -> test.accept(MockMvcTester.from(context)));
	}

	private static String body(MockMvcTester mvc, String path) {
		MvcTestResult result = mvc.get().uri(path).exchange();
		assertThat(result).hasStatusOk();
		return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
