package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamSource;
import dev.watermill.kafka.fixture.BrokerLink;
import dev.watermill.kafka.fixture.KafkaProcess;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Members that can't reach the broker of their group.
 */
class KafkaMemberOutageTests {

	private static KafkaProcess kafka;

	private static Cluster cluster;

	private final String prefix = "outage-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final List<TestMember> members = new ArrayList<>();

	@BeforeAll
	static void startKafka() {
		kafka = KafkaProcess.builder().links(1).property("group.consumer.session.timeout.ms", "1500").start();
		cluster = new Cluster(kafka.bootstrapServers());
	}

	@AfterAll
	static void stopKafka() {
		cluster.close();
		kafka.close();
	}

	@AfterEach
	void leave() {
		kafka.links().get(0).mend();
		this.members.forEach((member) -> member.member().close());
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(5));
	}

	/**
	 * Become a member.
	 * @param servers by which way
	 */
	private TestMember join(String protocol, String servers) {
		Map<String, Object> settings = new HashMap<>();
		settings.put("bootstrap.servers", servers);
		settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
		if (protocol.equals("classic")) {
			settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 1500);
			settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
		}
		KafkaClients consumers = KafkaClients.of(settings);
		KafkaClients others = KafkaClients.of(Map.of("bootstrap.servers", kafka.bootstrapServers()));
		KafkaBroker broker = KafkaBroker.builder(new KafkaClients() {

			@Override
			public Consumer<byte[], byte[]> consumer(ClientSettings asked) {
				return consumers.consumer(asked);
			}

			@Override
			public Producer<byte[], byte[]> producer(ClientSettings asked) {
				return others.producer(asked);
			}

			@Override
			public Admin admin() {
				return others.admin();
			}

		}, Cluster.JSON).groupIdPrefix(this.prefix).build();
		StreamSource<Long> source = broker.source(Cluster.topic("in", Long.class, this.in));
		CommitScope scope = new CommitScope(new LaneId("mill", 0), CommitScope.newSession(), Map.of("in", source),
				Map.of(), null, null);
		TestMember member = new TestMember(source.commitPlace().orElseThrow().membership(scope).orElseThrow());
		this.members.add(member);
		return member;
	}

	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void aMemberThatIsCutOffLearnsOfItsLanesFromOthers(String protocol) {
		cluster.topics().create(this.in, 2);
		BrokerLink link = kafka.links().get(0);
		TestMember cut = join(protocol, link.bootstrapServers());
		TestMember other = join(protocol, kafka.bootstrapServers());
		await().until(() -> cut.held().size() == 1 && other.held().size() == 1);
		int lane = cut.held().iterator().next();
		assertThat(cut.member().holds(lane)).isTrue();
		assertThat(cut.member().holds(1 - lane)).isFalse();
		link.cut();
		await().until(() -> other.held().size() == 2);
		// nobody has told it
		assertThat(cut.member().lanes()).containsExactly(lane);
		await().until(() -> !cut.member().holds(lane));
		assertThat(other.member().holds(lane)).isTrue();
		link.mend();
		await().until(() -> cut.events().contains("lost [" + lane + "]"));
		await().until(() -> cut.held().size() == 1 && other.held().size() == 1);
	}

	@Test
	void aBrokerThatIsAwayForAWhileTakesNoLane() {
		cluster.topics().create(this.in, 1);
		TestMember member = join("classic", kafka.bootstrapServers());
		await().until(() -> member.held().size() == 1);
		kafka.stop();
		kafka.start();
		TestMember second = join("classic", kafka.bootstrapServers());
		await().until(second::hasJoined);
		member.member().close();
		await().until(() -> second.held().size() == 1);
		assertThat(member.events()).containsExactly("assigned [0]", "revoked [0]");
	}

}
