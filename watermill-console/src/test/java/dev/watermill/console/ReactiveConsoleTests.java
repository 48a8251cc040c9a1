package dev.watermill.console;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.server.RouterFunction;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console in a reactive application.
 */
class ReactiveConsoleTests {

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class,
				EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				WaterMillConsoleAutoConfiguration.class));

	@Test
	void servesThePageAndWhatItIsMadeOf() {
		try (ConfigurableApplicationContext context = start()) {
			String server = server(context, "local.server.port");
			ResponseEntity<String> page = exchange(HttpMethod.GET, server + "/watermill", Map.of());
			assertThat(page.getStatusCode()).isEqualTo(HttpStatus.OK);
			assertThat(page.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("text/html;charset=UTF-8");
			assertThat(page.getHeaders().getCacheControl()).isEqualTo("no-cache");
			assertThat(page.getHeaders().getFirst("Content-Security-Policy")).startsWith("default-src 'self'; ");
			assertThat(page.getHeaders().getFirst("Referrer-Policy")).isEqualTo("same-origin");
			assertThat(page.getHeaders().getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
			assertThat(page.getBody()).contains("name=\"watermill-endpoint\" content=\"actuator/watermill\"")
				.doesNotContain("{{");
			ConsoleFile.assets().forEach((asset) -> {
				ResponseEntity<byte[]> answer = RestClient.create()
					.get()
					.uri(server + "/watermill-console/" + asset.name())
					.retrieve()
					.toEntity(byte[].class);
				assertThat(answer.getHeaders().getContentType()).as(asset.name()).isEqualTo(asset.type());
				assertThat(answer.getBody()).as(asset.name()).isEqualTo(asset.content());
			});
			assertThat(get(server + "/actuator/watermill")).startsWith("{\"mills\"");
		}
	}

	@Test
	void answersBrowsersThatHaveThePageAlready() {
		try (ConfigurableApplicationContext context = start()) {
			String page = server(context, "local.server.port") + "/watermill";
			String etag = exchange(HttpMethod.GET, page, Map.of()).getHeaders().getETag();
			assertThat(etag).isNotNull();
			assertThat(exchange(HttpMethod.GET, page, Map.of(HttpHeaders.IF_NONE_MATCH, etag)).getStatusCode())
				.isEqualTo(HttpStatus.NOT_MODIFIED);
			assertThat(exchange(HttpMethod.HEAD, page, Map.of()).getStatusCode()).isEqualTo(HttpStatus.OK);
			assertThat(exchange(HttpMethod.POST, page, Map.of()).getStatusCode().is4xxClientError()).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			--management.endpoints.web.base-path=/,  /watermill-console,  watermill
			--watermill.console.path=/,              /,                   actuator/watermill
			--spring.webflux.base-path=/app,         /app/watermill,      actuator/watermill
			""")
	void standsWhereTheSettingsHaveIt(String setting, String path, String endpoint) {
		try (ConfigurableApplicationContext context = start(setting)) {
			String server = server(context, "local.server.port");
			assertThat(get(server + path)).contains("content=\"" + endpoint + "\"");
			String directory = server + path.substring(0, path.lastIndexOf('/') + 1);
			assertThat(get(directory + "watermill-console/console.js")).contains("import");
			assertThat(get(directory + endpoint)).startsWith("{\"mills\"");
		}
	}

	@Test
	void standsNextToTheEndpointOnAPortOfItsOwn() {
		try (ConfigurableApplicationContext context = start("--management.server.port=0",
				"--management.server.base-path=/inside")) {
			String management = server(context, "local.management.port") + "/inside/";
			assertThat(get(management + "watermill")).contains("content=\"actuator/watermill\"");
			assertThat(get(management + "watermill-console/console.js")).contains("import");
			assertThat(get(management + "actuator/watermill")).startsWith("{\"mills\"");
			assertThat(exchange(HttpMethod.GET, server(context, "local.server.port") + "/watermill", Map.of())
				.getStatusCode()).isEqualTo(HttpStatus.NOT_FOUND);
		}
	}

	@Test
	void isNotThereIfNotWantedOrWithoutTheActuator() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RouterFunction.class));
		this.contextRunner.withPropertyValues("watermill.console.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RouterFunction.class));
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WaterMillConsoleAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RouterFunction.class));
	}

	@Test
	void needsNothingOfServlets() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web.servlet",
					"org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RouterFunction.class));
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "management.endpoints.web.exposure.include=watermill",
					// With two servers on the class path Spring Boot has one of them too
					// many
					"spring.autoconfigure.exclude=" + TomcatReactiveManagementContextAutoConfiguration.class.getName())
			.run(arguments);
	}

	private static String server(ConfigurableApplicationContext context, String port) {
		return "http://localhost:" + context.getEnvironment().getProperty(port);
	}

	private static String get(String url) {
		ResponseEntity<String> answer = exchange(HttpMethod.GET, url, Map.of());
		assertThat(answer.getStatusCode()).as(url).isEqualTo(HttpStatus.OK);
		return answer.getBody();
	}

	private static ResponseEntity<String> exchange(HttpMethod method, String url, Map<String, String> headers) {
		return RestClient.create()
			.method(method)
			.uri(url)
			.headers((all) -> headers.forEach(all::add))
			.exchange((request, response) -> ResponseEntity.status(response.getStatusCode())
				.headers(response.getHeaders())
				.body(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
