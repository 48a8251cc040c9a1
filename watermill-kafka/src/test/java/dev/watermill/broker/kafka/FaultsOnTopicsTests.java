package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.watermill.MillBuilder;
import dev.watermill.broker.StartFrom;
import dev.watermill.corpus.Approved;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of fault of the topics that a mill reads and writes, and of what the broker
 * remembers of it, between two runs or in the middle of one: what it says, and that it
 * goes on once the fault is repaired, with each result and each dead letter once.
 */
class FaultsOnTopicsTests {

	private static final String ALL = "1 2 3 4 5 END";

	/** Elements are larger than what a broker writes of a transaction. */
	private static final String LARGE = "100000000000000000";

	private static final long ALL_THERE = -1;

	private final Map<String, Fault> betweenRuns = new LinkedHashMap<>();

	private final Map<String, Fault> whileItRuns = new LinkedHashMap<>();

	FaultsOnTopicsTests() {
		this.betweenRuns.put("input-removed", (topics) -> {
			topics.delete("a");
			return () -> {
				topics.create("a");
				topics.append("4", "\"worse\"", "5", Cluster.END);
				topics.startFromTheStart();
			};
		});
		this.betweenRuns.put("input-made-anew", (topics) -> {
			topics.delete("a");
			topics.create("a");
			return topics::startFromTheStart;
		});
		this.betweenRuns.put("input-deleted-behind-the-position", (topics) -> {
			topics.append("9", "9");
			topics.deleteRecords("a", 6);
			return topics::goOnThoughDataIsLost;
		});
		this.betweenRuns.put("input-grown", (topics) -> {
			Cluster.shared().grow(topics.mill.topic("a"), 2);
			topics.expected = ALL + " END";
			return () -> {
				Cluster.shared().grow(topics.mill.topic("out"), 2);
				Cluster.shared().grow(topics.mill.topic("a-dlt"), 2);
				topics.endOther("a", 1);
			};
		});
		this.betweenRuns.put("output-removed", (topics) -> {
			topics.delete("out");
			topics.expected = "4 5 END";
			return topics.nothing();
		});
		this.betweenRuns.put("dead-letters-removed", (topics) -> {
			topics.delete("a-dlt");
			topics.expectedLetters = 1;
			return topics.nothing();
		});
		this.betweenRuns.put("output-passed-by-retention", (topics) -> {
			topics.deleteRecords("out", ALL_THERE);
			topics.expected = "4 5 END";
			return topics.nothing();
		});
		this.betweenRuns.put("dead-letters-passed-by-retention", (topics) -> {
			topics.deleteRecords("a-dlt", ALL_THERE);
			topics.expectedLetters = 1;
			return topics.nothing();
		});
		this.betweenRuns.put("writing-throttled-by-a-quota", (topics) -> topics.allow("producer_byte_rate", 220));
		this.betweenRuns.put("positions-removed", (topics) -> {
			Repair repair = topics.restorePosition();
			Cluster.get(topics.mill.topics().admin().deleteConsumerGroups(List.of(topics.mill.group("a"))).all());
			return repair;
		});
		this.betweenRuns.put("position-without-what-the-mill-wrote-beside-it", (topics) -> {
			Repair repair = topics.restorePosition();
			topics.commit(new OffsetAndMetadata(2));
			topics.expected = "1 2 3 2 3 4 5 END";
			return repair;
		});
		this.betweenRuns.put("position-of-another-program", (topics) -> {
			Repair repair = topics.restorePosition();
			topics.commit(new OffsetAndMetadata(2, "lines=17"));
			return repair;
		});
		this.betweenRuns.put("position-beyond-the-end", (topics) -> {
			Repair repair = topics.restorePosition();
			topics.commit(new OffsetAndMetadata(1000, topics.position().metadata()));
			return repair;
		});
		both("results-too-large", (topics) -> topics.configure("out", "max.message.bytes", "80"));
		both("results-without-keys-on-a-compacted-topic",
				(topics) -> topics.configure("out", "cleanup.policy", "compact"));
		this.betweenRuns.put("dead-letters-too-large",
				(topics) -> topics.configure("a-dlt", "max.message.bytes", "80"));
		this.whileItRuns.put("transactional-id-taken-while-it-runs", (topics) -> {
			topics.takeId();
			return topics.nothing();
		});
	}

	private void both(String kind, Fault fault) {
		this.betweenRuns.put(kind, fault);
		this.whileItRuns.put(kind + "-while-it-runs", fault);
	}

	@Test
	void saysWhatIsBrokenAndGoesOnOnceItIsRepaired() throws Exception {
		Approved texts = new Approved("faults-on-topics.txt");
		Map<String, Future<String>> told = new LinkedHashMap<>();
		// they wait most of the time
		ExecutorService rows = Executors.newFixedThreadPool(8);
		try {
			this.betweenRuns
				.forEach((kind, fault) -> told.put(kind, rows.submit(() -> new MillTopics(kind).told(fault, null))));
			this.whileItRuns
				.forEach((kind, fault) -> told.put(kind, rows.submit(() -> new MillTopics(kind).told(null, fault))));
			for (Map.Entry<String, Future<String>> row : told.entrySet()) {
				texts.add(row.getKey(), row.getValue().get());
			}
		}
		finally {
			rows.shutdownNow();
		}
		texts.verify();
	}

	/**
	 * Something that happens to topics.
	 */
	private interface Fault {

		Repair strike(MillTopics topics) throws Exception;

	}

	private interface Repair {

		void run() throws Exception;

	}

	/**
	 * A mill and its topics.
	 */
	private static final class MillTopics {

		private final TopicMill mill = new TopicMill("a");

		private final String kind;

		private String expected = ALL;

		private int expectedLetters = 2;

		private boolean startsAnew;

		private @Nullable Repair repair;

		MillTopics(String kind) {
			this.kind = kind;
			this.mill.set("out", ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000");
		}

		String told(@Nullable Fault between, @Nullable Fault within) throws Exception {
			append("1", "\"bad\"", "2", "3");
			start(null);
			this.mill.awaitResults(LARGE + 1, LARGE + 2, LARGE + 3);
			this.mill.stop();
			if (between != null) {
				this.repair = between.strike(this);
			}
			if (exists("a")) {
				append("4", "\"worse\"", "5", Cluster.END);
			}
			start(within);
			TopicMill.await(() -> isOver() || this.mill.mill().status().unavailable() != null);
			String told = message();
			if (this.repair != null) {
				this.repair.run();
			}
			if (!told.equals("goes on") && this.mill.awaitEnd() != MillState.COMPLETED) {
				start(null);
			}
			assertThat(this.mill.awaitEnd()).as("%s, repaired: %s", this.kind, this.mill.mill().status())
				.isEqualTo(MillState.COMPLETED);
			assertThat(String.join(" ", this.mill.results()).replace(LARGE, "")).as(this.kind).isEqualTo(this.expected);
			assertThat(this.mill.topics().read(this.mill.topic("a-dlt"))).as(this.kind).hasSize(this.expectedLetters);
			return told;
		}

		private void start(@Nullable Fault fault) {
			MillBuilder builder = this.mill.begin().retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
			Input<Long> input = this.mill.master();
			input.onInvalid(ErrorPolicy.DEAD_LETTER);
			this.mill.output();
			builder.process((delivery) -> {
				long element = delivery.get(input);
				if (element % 10 == 4 && fault != null && this.repair == null) {
					this.repair = fault.strike(this);
				}
				return element;
			});
			if (this.startsAnew) {
				builder.startFrom(new StartFrom.Earliest());
			}
			this.mill.start();
		}

		private boolean isOver() {
			MillState state = this.mill.mill().state();
			return state == MillState.FAILED || state == MillState.COMPLETED || state == MillState.STOPPED;
		}

		private String message() {
			MillStatus status = this.mill.mill().status();
			MillStatus.@Nullable Problem problem = status.lastError();
			String told = "goes on";
			if (status.state() == MillState.FAILED && problem != null) {
				told = problem.message();
			}
			else if (status.state() == MillState.STOPPED) {
				told = "stopped: " + status.detail();
			}
			else if (status.unavailable() != null) {
				told = "waits: " + status.unavailable();
			}
			return told.replace(this.mill.topic(""), "<prefix>-");
		}

		void append(String... values) {
			Cluster.shared()
				.sendValues(this.mill.topic("a"),
						Stream.of(values)
							.map((value) -> (value.length() == 1) ? LARGE + value : value)
							.map((value) -> value.getBytes(StandardCharsets.UTF_8))
							.toList());
		}

		void endOther(String stream, int partition) {
			Cluster.shared()
				.sendValues(this.mill.topic(stream), partition, List.of(Cluster.END.getBytes(StandardCharsets.UTF_8)));
		}

		private boolean exists(String stream) {
			return Cluster.get(this.mill.topics().admin().listTopics().names()).contains(this.mill.topic(stream));
		}

		void delete(String stream) {
			this.mill.topics().delete(this.mill.topic(stream));
		}

		void create(String stream) {
			this.mill.topics().create(this.mill.topic(stream), 1);
		}

		void deleteRecords(String stream, long before) {
			Cluster.get(this.mill.topics()
				.admin()
				.deleteRecords(Map.of(this.mill.partition(stream), RecordsToDelete.beforeOffset(before)))
				.all());
		}

		void goOnThoughDataIsLost() {
			this.mill.set("a", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		}

		void startFromTheStart() {
			this.startsAnew = true;
		}

		Repair nothing() {
			return () -> {
			};
		}

		OffsetAndMetadata position() {
			return this.mill.committed("a");
		}

		void commit(OffsetAndMetadata position) {
			// a mill that has failed leaves its group a moment later
			Awaitility.await()
				.ignoreExceptions()
				.untilAsserted(() -> this.mill.topics()
					.admin()
					.alterConsumerGroupOffsets(this.mill.group("a"), Map.of(this.mill.partition("a"), position))
					.all()
					.get());
		}

		Repair restorePosition() {
			OffsetAndMetadata before = position();
			return () -> commit(before);
		}

		/**
		 * Set a quota for whatever calls itself as the mill does, which has time for it.
		 */
		Repair allow(String rate, double bytes) {
			this.mill.set("out", ProducerConfig.MAX_BLOCK_MS_CONFIG, "60000");
			alterQuota(new ClientQuotaAlteration.Op(rate, bytes));
			return () -> alterQuota(new ClientQuotaAlteration.Op(rate, null));
		}

		private void alterQuota(ClientQuotaAlteration.Op change) {
			ClientQuotaEntity client = new ClientQuotaEntity(
					Map.of(ClientQuotaEntity.CLIENT_ID, this.mill.transactionalId()));
			Cluster.get(this.mill.topics()
				.admin()
				.alterClientQuotas(List.of(new ClientQuotaAlteration(client, List.of(change))))
				.all());
		}

		Repair configure(String stream, String name, String value) {
			alter(stream, new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
			return () -> alter(stream, new AlterConfigOp(new ConfigEntry(name, ""), AlterConfigOp.OpType.DELETE));
		}

		private void alter(String stream, AlterConfigOp change) {
			Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(
					new ConfigResource(ConfigResource.Type.TOPIC, this.mill.topic(stream)),
					new ArrayList<>(List.of(change)));
			Cluster.get(this.mill.topics().admin().incrementalAlterConfigs(changes).all());
		}

		void takeId() {
			try (Producer<String, String> other = new KafkaProducer<>(
					Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, Cluster.shared().bootstrapServers(),
							ProducerConfig.TRANSACTIONAL_ID_CONFIG, this.mill.transactionalId()),
					new StringSerializer(), new StringSerializer())) {
				other.initTransactions();
			}
		}

	}

}
