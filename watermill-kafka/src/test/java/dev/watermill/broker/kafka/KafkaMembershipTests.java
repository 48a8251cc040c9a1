package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamSource;
import dev.watermill.engine.MillState;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances as members of a consumer group, by both protocols.
 */
class KafkaMembershipTests {

	private static final String CLASSIC = "classic";

	private static final String CONSUMER = "consumer";

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "member-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final String group = this.prefix + "-mill-in";

	private final List<TestMember> members = new ArrayList<>();

	@AfterEach
	void leave() {
		this.members.forEach(TestMember::letGo);
		this.members.forEach((member) -> member.member().close());
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
	}

	private Membership membership(String protocol, Map<String, Object> settings) {
		Map<String, Object> properties = new HashMap<>(settings);
		properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
		KafkaBroker broker = this.cluster.broker(this.prefix, properties);
		StreamSource<Long> source = broker.source(Cluster.topic("in", Long.class, this.in));
		CommitScope scope = new CommitScope(new LaneId("mill", 0), CommitScope.newSession(), Map.of("in", source),
				Map.of(), null, null);
		return source.commitPlace().orElseThrow().membership(scope).orElseThrow();
	}

	private TestMember join(String protocol) {
		return join(membership(protocol, Map.of()));
	}

	private TestMember join(Membership membership) {
		TestMember member = new TestMember(membership);
		this.members.add(member);
		return member;
	}

	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void membersShareLanesOut(String protocol) {
		this.cluster.topics().create(this.in, 4);
		Membership membership = membership(protocol, Map.of());
		assertThat(membership.members()).isEmpty();
		TestMember first = join(membership);
		await().until(() -> first.held().size() == 4);
		TestMember second = join(protocol);
		await().until(() -> first.held().size() == 2 && second.held().size() == 2);
		assertThat(first.member().lanes()).isEqualTo(first.held());
		await().until(() -> membership.members().stream().allMatch((peer) -> peer.lanes().size() == 2));
		assertThat(membership.members()).hasSize(2)
			.anySatisfy((peer) -> assertThat(peer.id()).isEqualTo(second.member().id()))
			.allSatisfy((peer) -> assertThat(peer.host()).contains("127.0.0.1"));
		Set<Integer> given = first.held();
		long left = System.nanoTime();
		first.member().close();
		assertThat(first.events().get(first.events().size() - 1)).isEqualTo("revoked " + given);
		await().until(() -> second.held().size() == 4);
		System.out.printf("%s: from a clean stop to the lanes being another's: %d ms%n", protocol,
				Duration.ofNanos(second.assignedAt() - left).toMillis());
		assertThat(membership.members()).singleElement()
			.satisfies((peer) -> assertThat(peer.lanes()).isEqualTo(second.held()));
	}

	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void noOtherHasALaneBeforeItIsLetGo(String protocol) {
		this.cluster.topics().create(this.in, 2);
		TestMember first = join(protocol);
		await().until(() -> first.held().size() == 2);
		first.keep();
		TestMember second = join(protocol);
		await().until(() -> first.revoking() != null);
		int given = first.revoking().iterator().next();
		TestMember third = join(protocol);
		Awaitility.await().during(Duration.ofSeconds(1)).until(() -> second.held().isEmpty() && third.held().isEmpty());
		first.letGo();
		await().until(() -> second.held().contains(given) || third.held().contains(given));
		assertThat(first.events()).doesNotContain("lost [" + given + "]");
	}

	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void whoLeavesKeepsItsLanesUntilTheyAreLetGoThoughThatOutlastsASession(String protocol) throws Exception {
		this.cluster.topics().create(this.in, 1);
		Map<String, Object> session = protocol.equals(CLASSIC)
				? Map.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 500, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 50)
				: Map.of();
		TestMember first = join(membership(protocol, session));
		await().until(() -> first.held().size() == 1);
		TestMember second = join(membership(protocol, session));
		await().until(() -> second.hasJoined());
		first.keep();
		Thread leaving = new Thread(first.member()::close);
		leaving.start();
		await().until(() -> first.revoking() != null);
		Awaitility.await().during(Duration.ofMillis(1500)).until(() -> second.held().isEmpty());
		first.letGo();
		leaving.join();
		await().until(() -> second.held().size() == 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void aTransactionThatIsOpenInTheGroupHoldsUpNobody(String protocol) throws Exception {
		this.cluster.topics().create(this.in, 2);
		try (Producer<byte[], byte[]> open = producer()) {
			open.initTransactions();
			open.beginTransaction();
			open.sendOffsetsToTransaction(Map.of(new TopicPartition(this.in, 0), new OffsetAndMetadata(5),
					new TopicPartition(this.in, 1), new OffsetAndMetadata(6)), stranger());
			TestMember first = join(protocol);
			await().until(() -> first.held().size() == 2);
			TestMember second = join(protocol);
			await().atMost(Duration.ofSeconds(5)).until(() -> first.held().size() == 1 && second.held().size() == 1);
			open.commitTransaction();
		}
		await().until(() -> offset(1) == 6);
	}

	private long offset(int partition) {
		OffsetAndMetadata committed = this.cluster.topics().committed(this.group, this.in, partition);
		return (committed != null) ? committed.offset() : -1;
	}

	/**
	 * Lanes commit in transactions as if they were none, while their group has members.
	 */
	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void whoIsNoMemberCommitsInTransactions(String protocol) {
		this.cluster.topics().create(this.in, 2);
		TestMember first = join(protocol);
		TestMember second = join(protocol);
		await().until(() -> first.held().size() == 1 && second.held().size() == 1);
		try (Producer<byte[], byte[]> producer = producer()) {
			producer.initTransactions();
			for (int i = 1; i < 4; i++) {
				producer.beginTransaction();
				producer.sendOffsetsToTransaction(Map.of(new TopicPartition(this.in, 0), new OffsetAndMetadata(i)),
						stranger());
				producer.commitTransaction();
				int committed = i;
				await().until(() -> offset(0) == committed);
			}
		}
		assertThat(first.held()).hasSize(1);
	}

	/**
	 * The group as one knows it who is no member.
	 */
	private ConsumerGroupMetadata stranger() {
		try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", this.cluster.bootstrapServers(), "group.id", this.group),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			return consumer.groupMetadata();
		}
	}

	private Producer<byte[], byte[]> producer() {
		return new KafkaProducer<>(
				Map.of("bootstrap.servers", this.cluster.bootstrapServers(), "transactional.id", this.prefix),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	/**
	 * As while instances are replaced by others that are set differently.
	 */
	@Test
	void whoIsNotTakenSaysSoAndWaits() throws Exception {
		this.cluster.topics().create(this.in, 1);
		MillBuilder builder = Mill.builder("mill");
		builder.from(Cluster.topic("in", Long.class, this.in), this.cluster.broker(this.prefix));
		Mill mill = builder.forEach((delivery) -> {
		}).build();
		try (Consumer<byte[], byte[]> other = new KafkaConsumer<>(
				Map.of("bootstrap.servers", this.cluster.bootstrapServers(), "group.id", this.group,
						ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName()),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			other.subscribe(List.of(this.in));
			await().until(() -> !other.poll(Duration.ofMillis(10)).isEmpty() || !other.assignment().isEmpty());
			mill.start();
			await().until(() -> mill.status().outage() != null);
		}
		assertThat(mill.status().outage().what()).contains(this.group, "partition.assignment.strategy");
		assertThat(mill.state()).isEqualTo(MillState.STARTING);
		await().until(() -> mill.state() == MillState.RUNNING && mill.status().outage() == null);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(30))).isTrue();
	}

	@Test
	void aSessionThatBrokersDoNotAllowIsTheEnd() {
		this.cluster.topics().create(this.in, 1);
		TestMember member = join(membership(CLASSIC, Map.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 24 * 3_600_000)));
		await().until(() -> member.cause() != null);
		assertThat(member.cause()).isNotInstanceOf(BrokerUnavailableException.class)
			.hasMessageContaining("group.max.session.timeout.ms");
	}

	@Test
	void whoIsThrownOutLosesItsLanesAndJoinsAgain() {
		this.cluster.topics().create(this.in, 1);
		TestMember first = join(CLASSIC);
		await().until(() -> first.held().size() == 1);
		Cluster.get(this.cluster.admin()
			.removeMembersFromConsumerGroup(this.group, new RemoveMembersFromConsumerGroupOptions())
			.all());
		await().until(() -> first.events().contains("lost [0]"));
		await().until(() -> first.held().size() == 1);
		assertThat(first.events()).doesNotContain("revoked [0]");
	}

	@ParameterizedTest
	@ValueSource(strings = { CLASSIC, CONSUMER })
	void aTopicThatIsNotThereYetIsWaitedFor(String protocol) {
		TestMember first = join(protocol);
		await().until(() -> first.hasJoined());
		assertThat(first.held()).isEmpty();
		this.cluster.topics().create(this.in, 2);
		await().until(() -> first.held().size() == 2);
	}

	@Test
	void aStaticMemberStandsDownForAnotherOfItsName() {
		this.cluster.topics().create(this.in, 1);
		Map<String, Object> settings = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
		TestMember first = join(membership(CLASSIC, settings));
		await().until(() -> first.held().size() == 1);
		TestMember second = join(membership(CLASSIC, settings));
		await().until(() -> second.held().size() == 1);
		await().until(() -> first.cause() != null);
		assertThat(first.events()).containsExactly("assigned [0]", "lost [0]");
		assertThat(first.cause()).isInstanceOf(MillTakenOverException.class)
			.hasMessageContaining("group.instance.id")
			.hasMessageContaining(this.group);
	}

	@Test
	void aStaticMemberWaitsForAnotherOfItsNameWhereBrokersDecide() {
		this.cluster.topics().create(this.in, 1);
		Map<String, Object> settings = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
		TestMember first = join(membership(CONSUMER, settings));
		await().until(() -> first.held().size() == 1);
		TestMember second = join(membership(CONSUMER, settings));
		Awaitility.await()
			.during(Duration.ofMillis(1500))
			.until(() -> second.events().isEmpty() && second.cause() == null);
		first.member().close();
		await().until(() -> second.held().size() == 1);
		assertThat(first.events()).containsExactly("assigned [0]", "revoked [0]");
	}

	@Test
	void aStaticMemberThatRestartsDisturbsNobody() {
		this.cluster.topics().create(this.in, 2);
		TestMember first = join(membership(CLASSIC, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one")));
		TestMember second = join(membership(CLASSIC, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "two")));
		await().until(() -> first.held().size() == 1 && second.held().size() == 1);
		Set<Integer> before = first.held();
		List<String> events = List.copyOf(second.events());
		first.member().close();
		TestMember again = join(membership(CLASSIC, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one")));
		await().until(() -> again.held().equals(before));
		assertThat(second.events()).isEqualTo(events);
	}

}
