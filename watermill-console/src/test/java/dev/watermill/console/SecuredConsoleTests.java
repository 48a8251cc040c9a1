package dev.watermill.console;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.watermill.spring.WaterMillProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

/**
 * The console and its endpoint behind Spring Security: the chain of the documentation,
 * and the one that Spring Boot has by default.
 */
class SecuredConsoleTests {

	private static final Pattern META = Pattern.compile("<meta name=\"(_csrf|_csrf_header)\" content=\"([^\"]+)\">");

	private static final Pattern LOGIN_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext documented;

	private static ConfigurableApplicationContext byDefault;

	private final CookieManager cookies = new CookieManager();

	private HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void startApplications() throws IOException {
		documented = start("documented");
		byDefault = start("default");
	}

	@AfterAll
	static void stopApplications() {
		documented.close();
		byDefault.close();
	}

	private static ConfigurableApplicationContext start(String profile) throws IOException {
		Path file = Files.writeString(directory.resolve(profile + ".json"), "[{\"time\":1}]");
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.profiles(profile)
			.properties(Map.of("server.port", "0", "management.endpoints.web.exposure.include", "health,watermill",
					"management.endpoint.health.probes.enabled", "true", "watermill.streams.a.file", file.toString(),
					"watermill.state-dir", directory.resolve(profile).toString(), "watermill.mills.mill.auto-startup",
					"false"))
			.run();
	}

	@BeforeEach
	void makeClient() {
		this.client = HttpClient.newBuilder().cookieHandler(this.cookies).build();
	}

	@Test
	void answersProbesWithoutALogin() throws Exception {
		for (String probe : new String[] { "", "/liveness", "/readiness" }) {
			assertThat(get(documented, "/actuator/health" + probe).statusCode()).as(probe).isEqualTo(200);
		}
	}

	@Test
	void saysToThePageThatItHasToSignInAndSendsPeopleToTheLogin() throws Exception {
		assertThat(send(documented,
				request(documented, "/actuator/watermill").header("Accept", "application/json")
					.header("X-Requested-With", "XMLHttpRequest")
					.build()))
			.satisfies((response) -> {
				assertThat(response.statusCode()).isEqualTo(401);
				// No browser asks for a password in a window of its own
				assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
			});
		assertThat(
				send(documented, request(documented, "/watermill").header("Accept", "text/html").build()).statusCode())
			.isEqualTo(302);
	}

	@Test
	void letsOperatorsSteerWithTheTokenOfTheCookie() throws Exception {
		login(documented, "operator");
		assertThat(get(documented, "/watermill").statusCode()).isEqualTo(200);
		assertThat(get(documented, "/watermill-console/console.js").statusCode()).isEqualTo(200);
		assertThat(get(documented, "/actuator/watermill").body()).contains("\"mill\"");
		String token = this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals("XSRF-TOKEN"))
			.map(HttpCookie::getValue)
			.findFirst()
			.orElseThrow();
		assertThat(act(documented, "X-XSRF-TOKEN", token)).isEqualTo(200);
		assertThat(act(documented, null, "")).isEqualTo(403);
		assertThat(act(documented, "X-XSRF-TOKEN", "made-up")).isEqualTo(403);
	}

	@Test
	void letsOthersOnlySee() throws Exception {
		login(documented, "viewer");
		assertThat(get(documented, "/actuator/watermill").body()).contains("\"mill\"");
		String token = this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals("XSRF-TOKEN"))
			.map(HttpCookie::getValue)
			.findFirst()
			.orElseThrow();
		assertThat(act(documented, "X-XSRF-TOKEN", token)).isEqualTo(403);
	}

	@Test
	void tellsThePageTheTokenOfTheSession() throws Exception {
		login(byDefault, "operator");
		HttpResponse<String> page = get(byDefault, "/watermill");
		assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
		assertThat(page.headers().firstValue("ETag")).isEmpty();
		Matcher meta = META.matcher(page.body());
		assertThat(meta.find()).as(page.body()).isTrue();
		String token = meta.group(2);
		assertThat(meta.find()).isTrue();
		assertThat(act(byDefault, meta.group(2), token)).isEqualTo(200);
		assertThat(act(byDefault, null, "")).isEqualTo(403);
	}

	private void login(ConfigurableApplicationContext context, String user) throws Exception {
		Matcher token = LOGIN_TOKEN.matcher(get(context, "/login").body());
		assertThat(token.find()).isTrue();
		String form = "username=" + user + "&password=secret&_csrf="
				+ URLEncoder.encode(token.group(1), StandardCharsets.UTF_8);
		HttpResponse<String> response = send(context,
				request(context, "/login").header("Content-Type", "application/x-www-form-urlencoded")
					.POST(HttpRequest.BodyPublishers.ofString(form))
					.build());
		assertThat(response.headers().firstValue("Location"))
			.hasValueSatisfying((location) -> assertThat(location).doesNotContain("error"));
		// Who is in has a new session, and a new token
		get(context, "/actuator/health");
	}

	private int act(ConfigurableApplicationContext context, @Nullable String header, String token) throws Exception {
		HttpRequest.Builder request = request(context, "/actuator/watermill/mill")
			.header("Content-Type", "application/json")
			.header("Accept", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"reset\"}"));
		if (header != null) {
			request.header(header, token);
		}
		return send(context, request.build()).statusCode();
	}

	private HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
		return send(context, request(context, path).build());
	}

	private static HttpRequest.Builder request(ConfigurableApplicationContext context, String path) {
		return HttpRequest.newBuilder(
				URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path));
	}

	private HttpResponse<String> send(ConfigurableApplicationContext context, HttpRequest request) throws Exception {
		return this.client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebSecurity
	@Import(Processor.class)
	static class Application {

		@Bean
		@Profile("documented")
		SecurityFilterChain console(HttpSecurity http) throws Exception {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers("/actuator/health/**")
					.permitAll()
					.requestMatchers(HttpMethod.POST, "/actuator/watermill/**")
					.hasRole("OPERATOR")
					.anyRequest()
					.authenticated())
				.formLogin(withDefaults())
				.httpBasic(withDefaults())
				.csrf((csrf) -> csrf.spa())
				.build();
		}

		/** As Spring Boot makes it where there is none. */
		@Bean
		@Profile("default")
		SecurityFilterChain byDefault(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.formLogin(withDefaults())
				.httpBasic(withDefaults())
				.build();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(
					User.withUsername("operator").password("{noop}secret").roles("OPERATOR").build(),
					User.withUsername("viewer").password("{noop}secret").roles("VIEWER").build());
		}

	}

	@WaterMillProcessor("mill")
	static class Processor {

		void function(A a) {
		}

	}

	record A(long time) {

	}

}
