package dev.watermill.broker.kafka;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamSource;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Lanes of mills that write nothing commit as the member that holds them, and only while
 * it does.
 */
class KafkaMemberCommitTests {

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "commit-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	/** Each with a broker of its own, as another process has. */
	private final Map<TestMember, KafkaBroker> members = new LinkedHashMap<>();

	@BeforeEach
	void create() {
		this.cluster.topics().create(this.in, 2);
	}

	@AfterEach
	void leave() {
		this.members.keySet().forEach(TestMember::letGo);
		this.members.keySet().forEach((member) -> member.member().close());
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
	}

	/**
	 * What a lane of a mill of two nodes commits.
	 */
	private CommitScope scope(KafkaBroker broker, int lane, Membership.Member member) {
		Map<String, StreamSource<?>> inputs = new LinkedHashMap<>();
		inputs.put("in", broker.source(Cluster.topic("in", Long.class, this.in)));
		inputs.put("same", broker.source(Cluster.topic("same", Long.class, this.in)));
		return new CommitScope(new LaneId("mill", lane), CommitScope.newSession(), inputs, Map.of(), null, member);
	}

	private CommitPlace place(CommitScope scope) {
		return scope.inputs().get("in").commitPlace().orElseThrow();
	}

	private TestMember join(String protocol) {
		Map<String, Object> settings = new HashMap<>();
		settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
		KafkaBroker broker = this.cluster.broker(this.prefix, settings);
		CommitScope scope = scope(broker, 0, null);
		TestMember member = new TestMember(place(scope).membership(scope).orElseThrow());
		this.members.put(member, broker);
		return member;
	}

	private CommitLog open(int lane, TestMember member) {
		CommitScope scope = scope(this.members.get(member), lane, member.member());
		return place(scope).open(scope);
	}

	private static void commit(CommitLog log, long offset) {
		Checkpoint.Input input = new Checkpoint.Input(KafkaPosition.at(offset, KafkaPosition.UNKNOWN), Map.of());
		Map<String, Checkpoint.Input> inputs = new LinkedHashMap<>();
		inputs.put("in", input);
		inputs.put("same", input);
		log.commit(new Checkpoint(inputs, Map.of(), false));
	}

	private long committed(String stream, int lane) {
		OffsetAndMetadata found = this.cluster.topics().committed(this.prefix + "-mill-" + stream, this.in, lane);
		return (found != null) ? found.offset() : -1;
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void membersCommitTheirLanes(String protocol) {
		TestMember first = join(protocol);
		TestMember second = join(protocol);
		await().until(() -> first.held().size() == 1 && second.held().size() == 1);
		for (TestMember member : this.members.keySet()) {
			int lane = member.held().iterator().next();
			try (CommitLog log = open(lane, member)) {
				assertThat(log.read()).isNull();
				log.requireHeld();
				for (int offset = 1; offset < 20; offset++) {
					commit(log, offset);
				}
			}
			assertThat(committed("in", lane)).isEqualTo(19);
			assertThat(committed("same", lane)).isEqualTo(19);
			try (CommitLog log = open(lane, member)) {
				assertThat(log.read().inputs()).hasSize(2);
			}
			assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> open(1 - lane, member))
				.withMessageContaining("lane " + (1 - lane));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void aLaneCommitsWhatItEndsWithWhileItIsGivenAwayAndNothingAfterThat(String protocol) {
		TestMember first = join(protocol);
		await().until(() -> first.held().size() == 2);
		Map<Integer, CommitLog> logs = Map.of(0, open(0, first), 1, open(1, first));
		logs.values().forEach((log) -> commit(log, 5));
		AtomicReference<Throwable> problem = new AtomicReference<>();
		first.beforeLettingGo(() -> {
			try {
				first.revoking().forEach((lane) -> commit(logs.get(lane), 6));
			}
			catch (Throwable ex) {
				problem.set(ex);
			}
		});
		TestMember second = join(protocol);
		await().until(() -> first.held().size() == 1 && second.held().size() == 1);
		assertThat(problem).hasValue(null);
		int given = second.held().iterator().next();
		assertThat(committed("in", given)).isEqualTo(6);
		assertThat(committed("same", given)).isEqualTo(6);
		assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> commit(logs.get(given), 7));
		commit(logs.get(1 - given), 7);
		second.member().close();
		await().until(() -> first.held().size() == 2);
		assertThatExceptionOfType(MillTakenOverException.class).as("a lane that is back is another one")
			.isThrownBy(() -> commit(logs.get(given), 8));
		assertThat(committed("same", given)).isEqualTo(6);
		first.beforeLettingGo(() -> commit(logs.get(1 - given), 9));
		first.member().close();
		assertThat(committed("same", 1 - given)).isEqualTo(9);
	}

	@Test
	void aCommitWaitsIdlyForMembersOnTheMove() throws Exception {
		TestMember first = join("classic");
		await().until(() -> first.held().size() == 2);
		try (Consumer<byte[], byte[]> slow = new KafkaConsumer<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.cluster.bootstrapServers(),
						ConsumerConfig.GROUP_ID_CONFIG, this.prefix + "-mill-in",
						ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
						ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			slow.subscribe(List.of(this.in));
			await().until(() -> {
				slow.poll(Duration.ofMillis(10));
				return slow.assignment().size() == 1 && first.held().size() == 1;
			});
			CommitLog log = open(first.held().iterator().next(), first);
			commit(log, 5);
			join("classic");
			String group = this.prefix + "-mill-in";
			await().until(() -> Cluster.get(this.cluster.admin().describeConsumerGroups(List.of(group)).all())
				.get(group)
				.groupState() == GroupState.PREPARING_REBALANCE);
			AtomicLong offset = new AtomicLong(5);
			AtomicBoolean over = new AtomicBoolean();
			Thread committing = new Thread(() -> {
				while (!over.get()) {
					commit(log, offset.incrementAndGet());
				}
			});
			committing.start();
			// until it has moved on to wait for the slow one
			AtomicLong seen = new AtomicLong();
			await().pollInterval(Duration.ofMillis(500)).until(() -> seen.getAndSet(offset.get()) == offset.get());
			over.set(true);
			long before = usedByMembers();
			await().pollDelay(Duration.ofSeconds(1)).until(committing::isAlive);
			assertThat(Duration.ofNanos(usedByMembers() - before)).isLessThan(Duration.ofMillis(250));
			await().until(() -> {
				slow.poll(Duration.ofMillis(10));
				return !committing.isAlive();
			});
		}
	}

	private static long usedByMembers() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mill-member"))
			.mapToLong((thread) -> threads.getThreadCpuTime(thread.getId()))
			.sum();
	}

	@Test
	void aLaneOfAMemberThatWasThrownOutCommitsNothing() {
		TestMember first = join("classic");
		await().until(() -> first.held().size() == 2);
		CommitLog log = open(0, first);
		commit(log, 5);
		Cluster.get(this.cluster.admin()
			.removeMembersFromConsumerGroup(this.prefix + "-mill-in", new RemoveMembersFromConsumerGroupOptions())
			.all());
		assertThatExceptionOfType(MillTakenOverException.class).isThrownBy(() -> commit(log, 6));
		assertThat(committed("in", 0)).isEqualTo(5);
		assertThat(committed("same", 0)).isEqualTo(5);
		await().until(() -> first.held().size() == 2);
		try (CommitLog again = open(0, first)) {
			commit(again, 6);
		}
		assertThat(committed("same", 0)).isEqualTo(6);
	}

}
