package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.actuate.endpoint.MembershipDescriptor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.health.MillsHealthIndicator;
import dev.watermill.spring.health.MillsHealthProperties;
import dev.watermill.spring.metrics.MillMetrics;
import dev.watermill.spring.metrics.WaterMillMetricsAutoConfiguration;
import dev.watermill.spring.mill.Mills;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Two applications that share the lanes of one mill.
 */
class SharedLanesTests {

	private static final int PARTITIONS = 4;

	private static final int TIMES = 50;

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final String application = "test-" + UUID.randomUUID();

	private ApplicationContextRunner instance(String... properties) {
		return MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withConfiguration(AutoConfigurations.of(WaterMillMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withUserConfiguration(SelfJoin.class)
			.withPropertyValues("spring.application.name=" + this.application, this.topics.bound("a"),
					this.topics.bound("next", "a"), this.topics.bound("b"))
			.withPropertyValues(properties);
	}

	@Test
	void theOneGoesOnWithAllLanesWhenTheOtherStops() {
		this.topics.create("a", PARTITIONS);
		instance().run((first) -> {
			first.getBean(MillMetrics.class).bindTo(this.registry);
			awaitLanes(first, PARTITIONS);
			instance().run((second) -> {
				awaitLanes(first, PARTITIONS / 2);
				awaitLanes(second, PARTITIONS / 2);
				assertThat(lanes(first)).doesNotContainAnyElementsOf(lanes(second));
				send(0, TIMES);
				assertThatBothAreShown(first, second);
				awaitResults(TIMES - 1);
				assertThatItIsNotReset(second, first);
				((ConfigurableApplicationContext) second).close();
			});
			awaitLanes(first, PARTITIONS);
			send(TIMES, 2 * TIMES);
			awaitResults(2 * TIMES - 1);
			assertThat(counted("revoked")).isPositive();
			assertThat(counted("assigned")).isPositive();
			assertThat(this.registry.get("watermill.lanes").tag("state", "running").gauge().value())
				.isEqualTo(PARTITIONS);
			assertThat(this.registry.get("watermill.lanes.start").timer().count()).isPositive();
			assertThat(this.registry.get("watermill.lanes.handover").timer().count()).isPositive();
		});
		for (int partition = 0; partition < PARTITIONS; partition++) {
			int lane = partition;
			assertThat(results().filter((result) -> result.partition() == lane).map(ConsumerRecord::value))
				.as("partition " + lane)
				.containsExactlyElementsOf(expected(lane));
		}
	}

	private double counted(String change) {
		return this.registry.get("watermill.rebalances").tag("change", change).counter().count();
	}

	/**
	 * What one of them tells of both.
	 */
	private static void assertThatBothAreShown(ApplicationContext first, ApplicationContext second) {
		WaterMillEndpoint endpoint = new WaterMillEndpoint(first.getBean(Mills.class));
		await().untilAsserted(() -> {
			MembershipDescriptor membership = endpoint.mill("mill").membership();
			assertThat(membership).isNotNull();
			assertThat(membership.unavailable()).isNull();
			assertThat(membership.standby()).isFalse();
			assertThat(membership.members()).hasSize(2);
			assertThat(membership.members()).filteredOn((member) -> member.self())
				.singleElement()
				.satisfies((self) -> assertThat(self.lanes()).containsExactlyElementsOf(lanes(first)));
			assertThat(membership.members()).filteredOn((member) -> !member.self())
				.singleElement()
				.satisfies((other) -> assertThat(other.lanes()).containsExactlyElementsOf(lanes(second)));
		});
		assertThat(endpoint.mill("mill").lanes()).hasSize(PARTITIONS / 2)
			.allSatisfy((lane) -> assertThat(lane.state()).isEqualTo(MillState.RUNNING));
		assertThat(endpoint.mill("mill").lanesByState()).containsOnlyKeys(MillState.RUNNING);
	}

	private static void assertThatItIsNotReset(ApplicationContext stopped, ApplicationContext other) {
		WaterMillEndpoint endpoint = new WaterMillEndpoint(stopped.getBean(Mills.class));
		endpoint.steer("mill", "stop");
		MillsRunner.await(stopped, "mill");
		awaitLanes(other, PARTITIONS);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint.steer("mill", "reset"))
			.withMessageContaining("at work on other instances")
			.withMessageContaining("lanes [0, 1, 2, 3]");
	}

	@Test
	void anInstanceWithoutLanesStandsByAndIsWell() {
		this.topics.create("a", 1);
		instance().run((first) -> {
			awaitLanes(first, 1);
			instance().run((second) -> {
				await().until(() -> MillsRunner.mill(second, "mill").state() == MillState.RUNNING);
				assertThat(lanes(second)).isEmpty();
				WaterMillEndpoint endpoint = new WaterMillEndpoint(second.getBean(Mills.class));
				await().untilAsserted(() -> assertThat(endpoint.mill("mill").membership()).isNotNull()
					.satisfies((membership) -> assertThat(membership.standby()).isTrue())
					.satisfies((membership) -> assertThat(membership.members()).hasSize(2)));
				assertThat(new MillsHealthIndicator(second.getBean(Mills.class), new MillsHealthProperties()).health()
					.getStatus()).isEqualTo(Status.UP);
				first.getBean(Mills.class).get("mill").stop();
				awaitLanes(second, 1);
			});
		});
	}

	@Test
	void bothAreOverWhenAllLanesAre() {
		this.topics.create("a", PARTITIONS);
		instance("watermill.exit-on-completion=true")
			.run((first) -> instance("watermill.exit-on-completion=true").run((second) -> {
				awaitLanes(first, PARTITIONS / 2);
				awaitLanes(second, PARTITIONS / 2);
				send(0, TIMES);
				List<Integer> ofFirst = List.copyOf(lanes(first));
				end(ofFirst);
				Mill done = MillsRunner.mill(first, "mill");
				await().until(() -> done.status()
					.lanes()
					.stream()
					.allMatch((lane) -> lane.phase().state() == MillState.COMPLETED));
				assertThat(done.state()).isEqualTo(MillState.RUNNING);
				end(List.copyOf(lanes(second)));
				assertThat(MillsRunner.await(first, "mill").state()).isEqualTo(MillState.COMPLETED);
				assertThat(MillsRunner.await(second, "mill").state()).isEqualTo(MillState.COMPLETED);
			}));
	}

	@Test
	void lanesAreOnVirtualThreadsWhereTheApplicationIs() {
		SelfJoin.threads.clear();
		this.topics.create("a", 2);
		instance("spring.threads.virtual.enabled=true").run((context) -> {
			awaitLanes(context, 2);
			send(0, 2, 2);
			boolean virtual = Runtime.version().feature() >= 21;
			await().until(() -> SelfJoin.threads.size() == 2);
			assertThat(SelfJoin.threads.keySet()).containsExactlyInAnyOrder("mill-0", "mill-1");
			assertThat(SelfJoin.threads.values())
				.allSatisfy((thread) -> assertThat(thread.startsWith("VirtualThread")).isEqualTo(virtual));
		});
	}

	private static Set<Integer> lanes(ApplicationContext context) {
		return MillsRunner.mill(context, "mill")
			.status()
			.lanes()
			.stream()
			.map(MillStatus.Lane::lane)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static void awaitLanes(ApplicationContext context, int number) {
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(MillsRunner.mill(context, "mill").status().lanes()).hasSize(number)
				.allSatisfy((lane) -> assertThat(lane.phase().state()).isEqualTo(MillState.RUNNING)));
	}

	private void send(int from, int to) {
		send(from, to, PARTITIONS);
	}

	@SuppressWarnings("unchecked")
	private void send(int from, int to, int partitions) {
		this.topics.send(IntStream.range(from, to)
			.boxed()
			.flatMap((time) -> IntStream.range(0, partitions)
				.mapToObj((partition) -> new ProducerRecord<>(this.topics.name("a"), partition, (String) null,
						"{\"time\":" + time + ",\"name\":\"" + partition + "\"}")))
			.toArray(ProducerRecord[]::new));
	}

	@SuppressWarnings("unchecked")
	private void end(List<Integer> partitions) {
		this.topics.send(partitions.stream()
			.map((partition) -> new ProducerRecord<>(this.topics.name("a"), partition, (String) null, TestTopics.EOS))
			.toArray(ProducerRecord[]::new));
	}

	private void awaitResults(int ofEachLane) {
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(results()).hasSize(ofEachLane * PARTITIONS));
	}

	private Stream<ConsumerRecord<String, String>> results() {
		return this.topics.all().read(this.topics.name("b")).stream();
	}

	private static List<String> expected(int lane) {
		return IntStream.range(0, 2 * TIMES - 1)
			.mapToObj((time) -> "{\"time\":" + time + ",\"name\":\"" + lane + lane + "\"}")
			.toList();
	}

	@WaterMillProcessor("mill")
	static class SelfJoin {

		static final Map<String, String> threads = new ConcurrentHashMap<>();

		B calculate(@FromStream("a") A from,
				@JoinOn(left = "time + 1", right = "time") @FromStream("next") Map<A, A> next) {
			threads.put(Thread.currentThread().getName(), Thread.currentThread().toString());
			return new B(from.time(), from.name() + next.get(from).name());
		}

	}

	record A(long time, String name) {
	}

	record B(long time, String name) {
	}

}
