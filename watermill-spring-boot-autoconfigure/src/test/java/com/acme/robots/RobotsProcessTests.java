package com.acme.robots;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The application in a process of its own, which ends with an exit code.
 */
class RobotsProcessTests {

	private static final String GOOD = "{\"time\":10,\"x\":3,\"y\":4}";

	private static final String BAD = "{\"time\":\"late\"}";

	private static final String EXIT = "--watermill.exit-on-completion=true";

	private static final String WEB = "--spring.main.web-application-type=servlet";

	@TempDir
	Path directory;

	private final List<Process> processes = new ArrayList<>();

	private String classPath = System.getProperty("java.class.path");

	@AfterEach
	void destroyProcesses() {
		this.processes.forEach(Process::destroyForcibly);
	}

	@Test
	void endsWithZeroWhenItsMillCompleted() throws Exception {
		Process plain = start(RobotsApplication.class, "plain", GOOD, EXIT);
		Process batch = start(RobotsBatch.class, "batch", GOOD, EXIT);
		assertThat(exitCode(plain)).isZero();
		assertThat(exitCode(batch)).isZero();
		assertThat(speeds("plain")).hasContent("[\n{\"time\":0,\"speed\":0.5}\n]");
		assertThat(speeds("batch")).hasContent("[\n{\"time\":0,\"speed\":0.5}\n]");
	}

	@Test
	void endsWithOneWhenItsMillFailed() throws Exception {
		Process plain = start(RobotsApplication.class, "plain", BAD, EXIT);
		Process batch = start(RobotsBatch.class, "batch", BAD, EXIT);
		assertThat(exitCode(plain)).isOne();
		assertThat(exitCode(batch)).isOne();
	}

	@Test
	void endsAWebApplicationToo() throws Exception {
		Process good = start(RobotsApplication.class, "good", GOOD, EXIT, WEB, "--server.port=0");
		Process bad = start(RobotsApplication.class, "bad", BAD, EXIT, WEB, "--server.port=0");
		assertThat(exitCode(good)).isZero();
		assertThat(exitCode(bad)).isOne();
	}

	@Test
	void livesAsLongAsItsMill() throws Exception {
		// Nothing else keeps it alive, and nothing ends it but that its mill is over
		Process good = start(RobotsApplication.class, "good", GOOD);
		Process bad = start(RobotsApplication.class, "bad", BAD);
		assertThat(exitCode(good)).isZero();
		assertThat(speeds("good")).exists();
		assertThat(exitCode(bad)).isOne();
	}

	@Test
	void endsWithTwoWhenAnotherInstanceHoldsItsWork() throws Exception {
		Path locations = locations("taken", GOOD);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch leave = new CountDownLatch(1);
		SpeedLimits holding = new SpeedLimits() {

			@Override
			double cut(double speed) {
				entered.countDown();
				try {
					leave.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return super.cut(speed);
			}

		};
		try (ConfigurableApplicationContext holder = new SpringApplicationBuilder(RobotsApplication.class)
			.web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean("holding", SpeedLimits.class,
					() -> holding, (definition) -> definition.setPrimary(true)))
			.run(arguments("taken", locations).toArray(String[]::new))) {
			assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
			Process plain = launch(RobotsApplication.class, "taken", locations);
			Process batch = launch(RobotsBatch.class, "taken", locations, EXIT);
			assertThat(exitCode(plain)).isEqualTo(2);
			assertThat(exitCode(batch)).isEqualTo(2);
			leave.countDown();
		}
	}

	@Test
	void endsQuietlyWhenItIsTerminatedWhileItWaits() throws Exception {
		// Between two attempts
		Process batch = launch(RobotsBatch.class, "waits", locations("waits", GOOD), EXIT,
				"--spring.main.sources=" + NoLimits.class.getName(), "--watermill.mills.robot-speed.retry.delay=1h",
				"--watermill.mills.robot-speed.retry.max-delay=1h");
		await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(log("waits")).contains("No limits"));
		batch.destroy();
		assertThat(exitCode(batch)).isEqualTo(143);
		assertThat(Files.readString(log("waits"))).doesNotContain("Exception");
	}

	@Test
	void runsWithoutKafkaAndSaysHowToGetItWhereItIsNeeded() throws Exception {
		// What an application has that depends on the starter alone
		this.classPath = Arrays.stream(this.classPath.split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*\\b(kafka-clients|spring-kafka|spring-boot-(starter-)?kafka)-[^/]*"))
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(this.classPath).hasSizeLessThan(System.getProperty("java.class.path").length());
		Process files = start(RobotsBatch.class, "files", GOOD, EXIT);
		Process topic = start(RobotsBatch.class, "topic", GOOD, EXIT, "--watermill.streams.robot-speed.file=",
				"--watermill.streams.robot-speed.topic=speeds");
		assertThat(exitCode(files)).as(log("files").toString()).isZero();
		assertThat(exitCode(topic)).isOne();
		assertThat(Files.readString(log("topic"))).contains("APPLICATION FAILED TO START",
				"The stream 'robot-speed' is bound to the topic speeds, but the application has no Kafka.",
				"Add the dependency org.springframework.boot:spring-boot-starter-kafka");
	}

	private Path speeds(String name) {
		return this.directory.resolve(name + ".json");
	}

	private Path log(String name) {
		return this.directory.resolve(name + ".log");
	}

	private Path locations(String name, String second) throws IOException {
		return Files.writeString(this.directory.resolve("in-" + name + ".json"),
				"[{\"time\":0,\"x\":0,\"y\":0}," + second + "]");
	}

	private Process start(Class<?> main, String name, String second, String... arguments) throws IOException {
		return launch(main, name, locations(name, second), arguments);
	}

	private Process launch(Class<?> main, String name, Path locations, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", this.classPath, main.getName()));
		// The later ones would be added to the first, not replace them
		List<String> own = List.of(arguments);
		arguments(name, locations).stream()
			.filter((argument) -> own.stream().noneMatch((other) -> name(other).equals(name(argument))))
			.forEach(command::add);
		command.addAll(own);
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(Redirect.appendTo(log(name).toFile()))
			.start();
		this.processes.add(process);
		return process;
	}

	private List<String> arguments(String name, Path locations) {
		return List.of("--spring.main.web-application-type=none",
				"--watermill.state-dir=" + this.directory.resolve("state"),
				"--watermill.streams.robot-location.file=" + locations,
				"--watermill.streams.robot-location-next-step.file=" + locations,
				"--watermill.streams.robot-speed.file=" + speeds(name));
	}

	private static String name(String argument) {
		return argument.substring(0, argument.indexOf('='));
	}

	private int exitCode(Process process) throws InterruptedException {
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("end of the process: " + process.info()).isTrue();
		return process.exitValue();
	}

}
