package dev.watermill.console;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

/**
 * The console and its endpoint in a reactive application, behind the chain of the
 * documentation. What Spring Security has by default is tested in a browser.
 */
class SecuredReactiveConsoleTests {

	private static final Pattern META = Pattern
		.compile("<meta name=\"_csrf\" content=\"([^\"]+)\">\\s*<meta name=\"_csrf_header\" content=\"([^\"]+)\">");

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void startApplication() {
		application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.properties("server.port=0", "management.endpoints.web.exposure.include=health,watermill",
					"management.endpoint.health.probes.enabled=true")
			.run();
	}

	@AfterAll
	static void stopApplication() {
		application.close();
	}

	@ParameterizedTest
	@CsvSource({ "''", "/liveness", "/readiness" })
	void answersProbesWithoutALogin(String probe) {
		assertThat(get("/actuator/health" + probe, Map.of()).getStatusCode()).isEqualTo(HttpStatus.OK);
	}

	@Test
	void saysToThePageThatItHasToSignInAndSendsPeopleToTheLogin() {
		assertThat(get("/actuator/watermill",
				Map.of(HttpHeaders.ACCEPT, "application/json", "X-Requested-With", "XMLHttpRequest")))
			.satisfies((response) -> {
				assertThat(response.getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
				// No browser asks for a password in a window of its own
				assertThat(response.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE)).isNull();
			});
		assertThat(get("/watermill", Map.of(HttpHeaders.ACCEPT, "text/html")).getStatusCode())
			.isEqualTo(HttpStatus.FOUND);
	}

	@ParameterizedTest
	@CsvSource({ "operator, true", "viewer, false" })
	void letsOperatorsSteerWithTheTokenThatThePageWasTold(String user, boolean steers) {
		String basic = "Basic " + HttpHeaders.encodeBasicAuth(user, "secret", StandardCharsets.UTF_8);
		ResponseEntity<String> page = get("/watermill", Map.of(HttpHeaders.AUTHORIZATION, basic));
		assertThat(page.getHeaders().getCacheControl()).isEqualTo("no-store");
		assertThat(page.getHeaders().getETag()).isNull();
		Matcher meta = META.matcher(page.getBody());
		assertThat(meta.find()).as(page.getBody()).isTrue();
		Map<String, String> session = new HashMap<>(Map.of(HttpHeaders.AUTHORIZATION, basic, HttpHeaders.COOKIE,
				page.getHeaders().getFirst(HttpHeaders.SET_COOKIE).split(";")[0]));
		assertThat(get("/actuator/watermill", session).getBody()).startsWith("{\"mills\"");
		assertThat(act(session).getStatusCode()).isEqualTo(HttpStatus.FORBIDDEN);
		session.put(meta.group(2), "made-up");
		assertThat(act(session).getStatusCode()).isEqualTo(HttpStatus.FORBIDDEN);
		session.put(meta.group(2), meta.group(1));
		// There is no such mill
		assertThat(act(session).getStatusCode()).isEqualTo(steers ? HttpStatus.NOT_FOUND : HttpStatus.FORBIDDEN);
	}

	private static ResponseEntity<String> act(Map<String, String> headers) {
		return exchange(HttpMethod.POST, "/actuator/watermill/no-such-mill", headers, "{\"action\":\"stop\"}");
	}

	private static ResponseEntity<String> get(String path, Map<String, String> headers) {
		return exchange(HttpMethod.GET, path, headers, "");
	}

	private static ResponseEntity<String> exchange(HttpMethod method, String path, Map<String, String> headers,
			String body) {
		return RestClient.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port"))
			.method(method)
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.headers((all) -> headers.forEach(all::set))
			.exchange((request, response) -> ResponseEntity.status(response.getStatusCode())
				.headers(response.getHeaders())
				.body(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	static class Application {

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http
				.authorizeExchange((exchanges) -> exchanges.pathMatchers("/actuator/health/**")
					.permitAll()
					.pathMatchers(HttpMethod.POST, "/actuator/watermill/**")
					.hasRole("OPERATOR")
					.anyExchange()
					.authenticated())
				.formLogin(withDefaults())
				.httpBasic(withDefaults())
				.build();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(
					User.withUsername("operator").password("{noop}secret").roles("OPERATOR").build(),
					User.withUsername("viewer").password("{noop}secret").roles("VIEWER").build());
		}

	}

}
