package dev.watermill.spring.actuate.endpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.codec.InvalidElement;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.spring.actuate.InMemoryMills;
import dev.watermill.spring.actuate.InMemoryMills.Speed;
import dev.watermill.stream.ErrorPolicy;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skyscreamer.jsonassert.Customization;
import org.skyscreamer.jsonassert.JSONCompareMode;
import org.skyscreamer.jsonassert.comparator.CustomComparator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonAssert;
import org.springframework.test.json.JsonComparator;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WaterMillEndpointWebTests {

	/** Samples are taken every other second, whenever that is. */
	private static final JsonComparator ALL_BUT_SAMPLES = JsonAssert
		.comparator(new CustomComparator(JSONCompareMode.STRICT, new Customization("history", (one, other) -> true)));

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withBean(InMemoryMills.class, () -> new InMemoryMills())
		.withConfiguration(
				AutoConfigurations.of(JacksonAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
						WebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
						EndpointAutoConfiguration.class, JacksonEndpointAutoConfiguration.class,
						WebEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
						ServletManagementContextAutoConfiguration.class, WaterMillEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=watermill");

	@Test
	void describesACompletedMill() {
		run((mills, mvc) -> {
			Mill mill = mills.addCompletedJoin("robot-speed");
			assertThat(get(mvc, "/robot-speed")).hasStatusOk()
				.bodyJson()
				.isEqualTo(
						"""
								{
									"name": "robot-speed",
									"state": "COMPLETED",
									"since": "%s",
									"actions": [ "start", "reset" ],
									"tree": [
										{
											"stream": "location",
											"location": "in-memory stream robot-speed/location",
											"first": false,
											"read": 4,
											"matched": 4,
											"skipped": { "unmatched": 0, "surplus": 0, "unwindowed": 0, "invalid": 0,
												"tombstone": 0, "disorder": 0, "late": 0, "failed": 0, "segment": 0 },
											"rate": 0.0,
											"lag": 0,
											"optional": false
										},
										{
											"stream": "next-step",
											"location": "in-memory stream robot-speed/next-step",
											"parent": "location",
											"left": "time + 10",
											"right": "time",
											"first": true,
											"read": 5,
											"matched": 4,
											"skipped": { "unmatched": 1, "surplus": 0, "unwindowed": 0, "invalid": 0,
												"tombstone": 0, "disorder": 0, "late": 0, "failed": 0, "segment": 0 },
											"rate": 0.0,
											"lag": 0,
											"optional": false
										}
									],
									"outputs": [
										{
											"stream": "speed",
											"type": "dev.watermill.spring.actuate.InMemoryMills$Speed",
											"location": "in-memory stream robot-speed/speed",
											"results": 4,
											"rate": 0.0
										}
									],
									"commitPlace": "memory",
									"deliveries": 4,
									"skippedDeliveries": 0,
									"restarts": 0,
									"deliveryRate": 0.0,
									"lanesByState": { "COMPLETED": [ 0 ] },
									"lanes": [
										{
											"lane": 0,
											"state": "COMPLETED",
											"since": "%s",
											"windowSize": 0,
											"inputs": {
												"location": { %s, "key": "40", "groupSize": 0, "lag": 0 },
												"next-step": {
													%s,
													"key": "40",
													"groupSize": 1,
													"lag": 0,
													"unmatched": {
														"right": "0",
														"leftAt": "10",
														"explanation": "right key 0 found no match: left stream 'location' is already at 10",
														"recentLeft": [],
														"recentRight": [ { "key": "0", "at": "10" } ]
													}
												}
											},
											"outputs": { "speed": { "offset": 4, "ended": 1 } },
											"completed": true
										}
									],
									"history": []
								}
								"""
							.formatted(mill.status().since(), mill.status().lanes().get(0).since(),
									position(mill, "location"), position(mill, "next-step")),
						ALL_BUT_SAMPLES);
		});
	}

	@Test
	void listsOfManyLanesThoseThatWantALook() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed", 60);
			mill.start();
			await().until(() -> lanesIn(mill, MillState.RUNNING) == 60);
			mills.failLane("robot-speed", 7);
			await().until(() -> lanesIn(mill, MillState.FAILED) == 1);
			assertThat(get(mvc, "")).bodyJson()
				.hasPathSatisfying("$.mills[0].lanesByState.RUNNING",
						(lanes) -> assertThat(lanes).asArray().hasSize(59))
				.hasPathSatisfying("$.mills[0].lanesByState.FAILED",
						(lanes) -> assertThat(lanes).asArray().containsOnly(7))
				.hasPathSatisfying("$.mills[0].lanes[?(@.state == 'FAILED')].error.message",
						(messages) -> assertThat(messages).asArray()
							.singleElement()
							.asString()
							.contains("broken sensor"))
				.hasPathSatisfying("$.mills[0].lanes", (lanes) -> assertThat(lanes).asArray().hasSizeBetween(1, 10));
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.lanes", (lanes) -> assertThat(lanes).asArray().hasSize(60))
				.hasPathSatisfying("$.state", (state) -> assertThat(state).isEqualTo("FAILED"))
				.hasPathSatisfying("$.detail", (detail) -> assertThat(detail).asString().contains("lane 7 failed"))
				.hasPathSatisfying("$.actions",
						(actions) -> assertThat(actions).asArray().containsExactly("start", "stop", "pause"));
			assertRefused(mvc, "reset", "The mill 'robot-speed' is FAILED and can't reset: stop it first.");
		});
	}

	private static long lanesIn(Mill mill, MillState state) {
		return mill.status().lanes().stream().filter((lane) -> lane.phase().state() == state).count();
	}

	@Test
	void showsThatAMillIsStartedAgainAndDoesNotWaitForThat() {
		run((mills, mvc) -> {
			Mill mill = mills.addRestartedJoin("robot-speed");
			mills.failLane("robot-speed", 0);
			mill.start();
			awaitState(mill, MillState.FAILED);
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.state", (state) -> assertThat(state).isEqualTo("FAILED"))
				.hasPathSatisfying("$.detail",
						(detail) -> assertThat(detail).asString().contains("it is started again at", "restart 1 of 3"))
				.hasPathSatisfying("$.actions",
						(actions) -> assertThat(actions).asArray().containsExactly("start", "stop"))
				.hasPathSatisfying("$.lanes[0].error.message",
						(message) -> assertThat(message).asString().contains("broken sensor"));
			assertRefused(mvc, "reset", "The mill 'robot-speed' is FAILED and can't reset: stop it first.");
			assertThat(post(mvc, "/robot-speed", "start")).hasStatusOk();
			await().untilAsserted(() -> assertThat(mill.status().detail()).contains("restart 2 of 3"));
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.restarts", (restarts) -> assertThat(restarts).isEqualTo(1));
			assertThat(post(mvc, "/robot-speed", "stop")).hasStatusOk();
			awaitState(mill, MillState.STOPPED);
		});
	}

	@Test
	void doesNotResetWhatOtherInstancesWorkOn() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed", 2);
			InMemoryMills others = mills.anotherInstance();
			Mill other = others.addJoin("robot-speed", 2);
			other.start();
			await().until(() -> lanesIn(other, MillState.RUNNING) == 2);
			assertThat(post(mvc, "/robot-speed", "reset")).hasStatus(HttpStatus.CONFLICT)
				.bodyJson()
				.hasPathSatisfying("$.message",
						(message) -> assertThat(message).asString()
							.contains("The mill 'robot-speed' is at work on other instances", "stop it first on",
									"lanes [0, 1]"));
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.membership.members[0].lanes",
						(lanes) -> assertThat(lanes).asArray().containsExactly(0, 1))
				.hasPathSatisfying("$.membership.members[0].self", (self) -> assertThat(self).isEqualTo(false))
				.hasPathSatisfying("$.membership.standby", (standby) -> assertThat(standby).isEqualTo(false));
			close(others);
			assertThat(post(mvc, "/robot-speed", "reset")).hasStatusOk();
		});
	}

	private static void close(InMemoryMills mills) {
		try {
			mills.close();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void drawsAMill() {
		run((mills, mvc) -> {
			mills.addCompletedJoin("robot-speed");
			assertThat(get(mvc, "/robot-speed/diagram")).hasStatusOk()
				.hasContentTypeCompatibleWith(MediaType.TEXT_PLAIN)
				.hasBodyTextEqualTo("""
						flowchart LR
						    mill(["robot-speed<br/>COMPLETED"])
						    in0[/"location<br/>in-memory stream robot-speed/location"/]
						    in0 --> mill
						    in1[/"next-step<br/>in-memory stream robot-speed/next-step"/]
						    in1 -->|"time + 10 = time"| in0
						    out0[/"speed<br/>in-memory stream robot-speed/speed"/]
						    mill --> out0
						""");
			assertThat(get(mvc, "/robot-speed/picture")).hasStatus(HttpStatus.NOT_FOUND);
			assertThat(get(mvc, "/other/diagram")).hasStatus(HttpStatus.NOT_FOUND);
		});
	}

	@Test
	void showsWhyNothingMatches() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			mills.<InMemoryMills.Location>stream("robot-speed", "location")
				.append(new InMemoryMills.Location(110, 1))
				.end();
			mills.<InMemoryMills.Location>stream("robot-speed", "next-step")
				.append(new InMemoryMills.Location(130, 1))
				.end();
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.lanes[0].inputs.next-step.unmatched",
						(unmatched) -> assertThat(unmatched).isEqualTo(Map.of("left", "120", "rightAt", "130",
								"explanation",
								"left key 120 found no match: right stream 'next-step' is already at 130", "recentLeft",
								List.of(Map.of("key", "120", "at", "130")), "recentRight", List.of())));
			assertThat(get(mvc, "")).bodyJson()
				.hasPathSatisfying("$.mills[0].lanes[0].inputs.next-step.unmatched",
						(unmatched) -> assertThat(unmatched).asInstanceOf(InstanceOfAssertFactories.MAP)
							.containsOnlyKeys("left", "rightAt", "explanation"));
		});
	}

	@Test
	void showsTheLastKeysAsTheyAre() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			mills.appendLocations("robot-speed", "location", 4);
			mills.appendLocations("robot-speed", "next-step", 5);
			mill.start();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(get(mvc, "/robot-speed")).bodyJson()
					.hasPathSatisfying("$.lanes[0].inputs.location.lastKeys",
							(keys) -> assertThat(keys).isEqualTo(Map.of("time + 10", "40"))));
		});
	}

	@Test
	void showsWhichActionsAMillTakes() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			assertActions(mvc, "start", "reset");
			mill.waitFor("mill 'robots'");
			assertActions(mvc, "start", "stop");
			mill.start();
			awaitState(mill, MillState.RUNNING);
			assertActions(mvc, "stop", "pause");
			mill.pause();
			awaitState(mill, MillState.PAUSED);
			assertActions(mvc, "stop", "resume");
		});
	}

	@Test
	void showsWhetherAMillGetsOn() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			assertThat(get(mvc, "/robot-speed")).bodyJson().doesNotHavePath("$.liveness");
			mill.start();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(get(mvc, "/robot-speed")).bodyJson()
					.hasPathSatisfying("$.liveness.activity", (activity) -> assertThat(activity).isEqualTo("IDLE"))
					.hasPathSatisfying("$.liveness.sinceProgress",
							(since) -> assertThat(since).asString().startsWith("PT"))
					.doesNotHavePath("$.liveness.callAge"));
			mill.stop();
			awaitState(mill, MillState.STOPPED);
			assertThat(get(mvc, "/robot-speed")).bodyJson().doesNotHavePath("$.liveness");
		});
	}

	private static void assertActions(MockMvcTester mvc, String... actions) {
		assertThat(get(mvc, "/robot-speed")).bodyJson()
			.hasPathSatisfying("$.actions",
					(actual) -> assertThat(actual).asArray().containsExactly((Object[]) actions));
	}

	private static String position(Mill mill, String stream) {
		Checkpoint.Input input = mill.lanes().get(0).checkpoint().inputs().get(stream);
		return "\"position\": { \"offset\": %d }, \"lastKeys\": %s".formatted(input.position().number("offset"),
				JsonMapper.shared().writeValueAsString(input.lastKeys()));
	}

	@Test
	void describesAMillThatWasNotStarted() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed");
			assertThat(get(mvc, "/robot-speed")).hasStatusOk()
				.bodyJson()
				.hasPathSatisfying("$.state", (state) -> assertThat(state).isEqualTo("STOPPED"))
				.doesNotHavePath("$.lastError")
				.doesNotHavePath("$.detail")
				.hasPathSatisfying("$.lanes", (lanes) -> assertThat(lanes).asArray().isEmpty());
		});
	}

	@Test
	void describesWhatAMillWaitsFor() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed").waitFor("mill 'robots'");
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.state", (state) -> assertThat(state).isEqualTo("STARTING"))
				.hasPathSatisfying("$.detail", (detail) -> assertThat(detail).isEqualTo("mill 'robots'"));
		});
	}

	@Test
	void describesABrokerThatIsAway() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed").start();
			awaitState(mills.get("robot-speed"), MillState.RUNNING);
			mills.setReachable("robot-speed", false);
			mills.get("robot-speed").stop();
			awaitState(mills.get("robot-speed"), MillState.STOPPED);
			mills.get("robot-speed").start();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(get(mvc, "/robot-speed")).bodyJson()
					.hasPathSatisfying("$.unavailable.what",
							(detail) -> assertThat(detail).asString().contains("the memory does not answer")));
		});
	}

	@Test
	void describesTheLastError() {
		run((mills, mvc) -> {
			Mill mill = mills.addFailedJoin("robot-speed");
			assertThat(get(mvc, "/robot-speed")).bodyJson()
				.hasPathSatisfying("$.state", (state) -> assertThat(state).isEqualTo("FAILED"))
				.hasPathSatisfying("$.lastError.message",
						(message) -> assertThat(message).asString().contains("broken sensor"))
				.hasPathSatisfying("$.lastError.cause",
						(cause) -> assertThat(cause).isEqualTo("java.lang.IllegalStateException: broken sensor"))
				.hasPathSatisfying("$.lastError.at",
						(at) -> assertThat(at).isEqualTo(mill.status().lastError().at().toString()));
		});
	}

	@Test
	void tellsHowManyDeliveriesAreInFlight() {
		run((mills, mvc) -> {
			mills.addLater("robot-calls").start();
			mills.appendLocations("robot-calls", "location", 5);
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(get(mvc, "/robot-calls")).bodyJson()
					.hasPathSatisfying("$.inFlight.deliveries", (deliveries) -> assertThat(deliveries).isEqualTo(3))
					.hasPathSatisfying("$.inFlight.most", (most) -> assertThat(most).isEqualTo(3)));
		});
	}

	@Test
	void describesTheWindow() {
		run((mills, mvc) -> {
			mills.addWindow("robot-windows").start();
			mills.appendLocations("robot-windows", "location", 5);
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(get(mvc, "/robot-windows")).bodyJson()
					.hasPathSatisfying("$.window.by", (key) -> assertThat(key).isEqualTo("time / 30"))
					.hasPathSatisfying("$.lanes[0].windowSize", (size) -> assertThat(size).isEqualTo(2)));
		});
	}

	@Test
	void describesWhereAnUnfinishedOutputStands(@TempDir Path directory) {
		run((mills, mvc) -> {
			InMemoryBroker memory = new InMemoryBroker();
			Path file = directory.resolve("speed.json");
			Mill mill = mills.add(copyingMill(memory, file));
			assertThat(get(mvc, "/copy")).bodyJson()
				.hasPathSatisfying("$.outputs[0].location",
						(location) -> assertThat(location).asString().contains("speed.json"))
				.hasPathSatisfying("$.outputs[0].unfinishedLocation",
						(location) -> assertThat(location).asString().contains("speed.json.part"));
			memory.<Speed>stream("in").append(new Speed(0, 1)).end();
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(file).isRegularFile();
			assertThat(get(mvc, "/copy")).bodyJson().doesNotHavePath("$.outputs[0].unfinishedLocation");
		});
	}

	private static Mill copyingMill(InMemoryBroker memory, Path file) {
		MillBuilder builder = Mill.builder("copy");
		Input<Speed> in = builder.from("in", Speed.class, memory);
		builder.process((delivery) -> delivery.get(in));
		builder.to(
				new StreamDefinition<Speed>("out", Speed.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
				Speed.class, JsonFileBroker.builder(JsonMapper.shared()).build());
		return builder.build();
	}

	@Test
	void describesAllMillsInTheOrderOfTheirNames() {
		run((mills, mvc) -> {
			mills.addJoin("two");
			mills.addCompletedJoin("one");
			assertThat(get(mvc, "")).hasStatusOk()
				.bodyJson()
				.hasPathSatisfying("$.mills[*].name",
						(names) -> assertThat(names).asArray().containsExactly("one", "two"))
				.hasPathSatisfying("$.mills[0].deliveries", (deliveries) -> assertThat(deliveries).isEqualTo(4));
		});
	}

	@Test
	void doesNotFindAnUnknownMill() {
		run((mills, mvc) -> {
			assertThat(get(mvc, "/robot-speed")).hasStatus(HttpStatus.NOT_FOUND);
			assertThat(post(mvc, "/robot-speed", "start")).hasStatus(HttpStatus.NOT_FOUND);
		});
	}

	@Test
	void startsPausesResumesAndStopsAMill() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			assertThat(post(mvc, "/robot-speed", "start")).hasStatusOk()
				.bodyJson()
				.hasPathSatisfying("$.name", (name) -> assertThat(name).isEqualTo("robot-speed"));
			awaitState(mill, MillState.RUNNING);
			assertThat(post(mvc, "/robot-speed", "pause")).hasStatusOk();
			awaitState(mill, MillState.PAUSED);
			assertThat(post(mvc, "/robot-speed", "resume")).hasStatusOk();
			awaitState(mill, MillState.RUNNING);
			assertThat(post(mvc, "/robot-speed", "stop")).hasStatusOk();
			awaitState(mill, MillState.STOPPED);
		});
	}

	@Test
	void resetsAMillThatIsNotAtWork() {
		run((mills, mvc) -> {
			Mill mill = mills.addCompletedJoin("robot-speed");
			assertThat(mill.lanes()).hasSize(1);
			assertThat(post(mvc, "/robot-speed", "reset")).hasStatusOk()
				.bodyJson()
				.hasPathSatisfying("$.lanes", (lanes) -> assertThat(lanes).asArray().isEmpty());
			assertThat(mill.lanes()).isEmpty();
		});
	}

	@Test
	void refusesAnUnknownAction() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed");
			assertThat(post(mvc, "/robot-speed", "explode")).hasStatus(HttpStatus.BAD_REQUEST)
				.bodyJson()
				.isStrictlyEqualTo("""
						{ "message": "There is no action 'explode', only start, stop, pause, resume, reset." }
						""");
		});
	}

	@Test
	void refusesARequestWithoutAction() {
		run((mills, mvc) -> {
			mills.addJoin("robot-speed");
			assertThat(mvc.post()
				.uri("/actuator/watermill/robot-speed")
				.contentType(MediaType.APPLICATION_JSON)
				.content("{}")).hasStatus(HttpStatus.BAD_REQUEST);
		});
	}

	@Test
	void refusesAnActionTheMillIsInNoStateFor() {
		run((mills, mvc) -> {
			Mill mill = mills.addJoin("robot-speed");
			assertRefused(mvc, "pause", "The mill 'robot-speed' is STOPPED and can't pause: it is not at work.");
			assertRefused(mvc, "resume", "The mill 'robot-speed' is STOPPED and can't resume: start it.");
			mill.waitFor("mill 'robots'");
			assertRefused(mvc, "pause",
					"The mill 'robot-speed' can't pause before it runs: it waits for mill 'robots'.");
			mill.start();
			awaitState(mill, MillState.RUNNING);
			assertRefused(mvc, "reset", "The mill 'robot-speed' is RUNNING and can't reset: stop it first.");
			mill.pause();
			awaitState(mill, MillState.PAUSED);
			assertRefused(mvc, "start", "The mill 'robot-speed' is PAUSED and can't start: resume it.");
		});
	}

	private static void assertRefused(MockMvcTester mvc, String action, String message) {
		assertThat(post(mvc, "/robot-speed", action)).hasStatus(HttpStatus.BAD_REQUEST)
			.bodyJson()
			.hasPathSatisfying("$.message", (actual) -> assertThat(actual).isEqualTo(message));
	}

	@Test
	void tellsWhereDeadLettersGoAndHowManyThereAre() {
		run((mills, mvc) -> {
			MillBuilder builder = Mill.builder("copy");
			Input<Long> in = builder.from("in", Long.class, mills.broker());
			in.onInvalid(ErrorPolicy.DEAD_LETTER);
			Mill mill = mills.add(builder.forEach((delivery) -> delivery.get(in)).build());
			mills.broker().<Object>stream("in").append(new InvalidElement("bad", new byte[] { '}' }, null)).end();
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(get(mvc, "/copy")).bodyJson()
				.extractingPath("$.tree[0]")
				.asMap()
				.containsEntry("matched", 0)
				.containsEntry("deadLetters", "in-memory stream in-dlt")
				.containsEntry("deadLettered",
						Map.of("invalid", 1, "tombstone", 0, "disorder", 0, "late", 0, "failed", 0));
		});
	}

	@Test
	void onlyTellsWhereAccessIsReadOnly() {
		run(this.contextRunner.withPropertyValues("management.endpoint.watermill.access=READ_ONLY"), (mills, mvc) -> {
			mills.addJoin("robot-speed");
			assertActions(mvc);
			assertThat(post(mvc, "/robot-speed", "start")).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
		});
	}

	private void run(BiConsumer<InMemoryMills, MockMvcTester> test) {
		run(this.contextRunner, test);
	}

	private static void run(WebApplicationContextRunner contextRunner, BiConsumer<InMemoryMills, MockMvcTester> test) {
		contextRunner.run((context) -> test.accept(context.getBean(InMemoryMills.class), MockMvcTester.from(context)));
	}

	private static MvcTestResult get(MockMvcTester mvc, String path) {
		return mvc.get().uri("/actuator/watermill" + path).exchange();
	}

	private static MvcTestResult post(MockMvcTester mvc, String path, String action) {
		return mvc.post()
			.uri("/actuator/watermill" + path)
			.contentType(MediaType.APPLICATION_JSON)
			.content("{\"action\": \"" + action + "\"}")
			.exchange();
	}

	private static void awaitState(Mill mill, MillState state) {
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(mill.state()).isEqualTo(state));
	}

}
