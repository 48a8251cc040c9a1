package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.codec.StrictJson;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Kafka cluster, as a test sees it that runs mills on it: values are written and read
 * as JSON.
 */
final class Cluster implements AutoCloseable {

	static final String END = "{\"eos__\": true}";

	static final JsonMapper JSON = StrictJson.of(JsonMapper.shared());

	private static final Duration ANSWER = Duration.ofSeconds(60);

	private static Cluster shared;

	private final String bootstrapServers;

	private final Topics topics;

	private final Producer<byte[], byte[]> producer;

	Cluster(String bootstrapServers) {
		this.bootstrapServers = bootstrapServers;
		this.topics = new Topics(bootstrapServers);
		this.producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.BATCH_SIZE_CONFIG,
						128 * 1024,
						// what a new topic refuses at first must not be overtaken by what
						// follows
						ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	/**
	 * Return the broker of all tests that do it no harm.
	 */
	static synchronized Cluster shared() {
		if (shared == null) {
			shared = new Cluster(SharedKafka.bootstrapServers());
		}
		return shared;
	}

	String bootstrapServers() {
		return this.bootstrapServers;
	}

	Topics topics() {
		return this.topics;
	}

	Admin admin() {
		return this.topics.admin();
	}

	KafkaBroker broker(String prefix) {
		return broker(prefix, Map.of());
	}

	KafkaBroker broker(String prefix, Map<String, Object> clients) {
		return builder(prefix, clients).build();
	}

	KafkaBroker.Builder builder(String prefix, Map<String, Object> clients) {
		Map<String, Object> properties = new HashMap<>(clients);
		properties.put("bootstrap.servers", this.bootstrapServers);
		return KafkaBroker.builder(KafkaClients.of(properties), JSON).groupIdPrefix(prefix);
	}

	static <T> StreamDefinition<T> topic(String stream, Class<T> type, String topic) {
		return new StreamDefinition<>(stream, type, Map.of(KafkaBroker.TOPIC_PROPERTY, topic));
	}

	/**
	 * Send elements as JSON.
	 */
	void send(String topic, Collection<?> elements) {
		sendValues(topic, elements.stream().map(JSON::writeValueAsBytes).toList());
	}

	void sendValues(String topic, Collection<byte[]> values) {
		sendValues(topic, 0, values);
	}

	void sendValues(String topic, int partition, Collection<byte[]> values) {
		List<Future<RecordMetadata>> sent = new ArrayList<>();
		values.forEach((value) -> sent.add(this.producer.send(new ProducerRecord<>(topic, partition, null, value))));
		this.producer.flush();
		sent.forEach(Cluster::get);
	}

	void end(String topic) {
		sendValues(topic, List.of(END.getBytes()));
	}

	/**
	 * Return what a read-committed reader sees once no transaction is open.
	 */
	List<String> values(String topic) {
		awaitEndOfTransactions(topic, 0);
		return this.topics.read(topic).stream().map(ConsumerRecord::value).toList();
	}

	/**
	 * Wait until no transaction is open: a commit is answered before its markers are
	 * written.
	 */
	void awaitEndOfTransactions(String topic, int partition) {
		Awaitility.await()
			.atMost(ANSWER)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> end(topic, partition, IsolationLevel.READ_COMMITTED) == end(topic, partition,
					IsolationLevel.READ_UNCOMMITTED));
	}

	/**
	 * Give a topic more partitions.
	 */
	void grow(String topic, int partitions) {
		get(admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
		Awaitility.await()
			.atMost(ANSWER)
			.until(() -> get(admin().describeTopics(List.of(topic)).allTopicNames()).get(topic)
				.partitions()
				.stream()
				.filter((partition) -> partition.leader() != null)
				.count() == partitions);
	}

	/**
	 * Set how long the broker takes a silent member of a group for alive, if the group is
	 * of the newer protocol.
	 */
	void sessionTimeout(String group, Duration timeout) {
		get(admin().incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group),
				List.of(new AlterConfigOp(
						new ConfigEntry("consumer.session.timeout.ms", String.valueOf(timeout.toMillis())),
						AlterConfigOp.OpType.SET))))
			.all());
	}

	/**
	 * Return which partitions of a topic each member of a group holds, if there is such a
	 * group.
	 */
	Map<String, Set<Integer>> members(String group, String topic) {
		Map<String, Set<Integer>> members = new TreeMap<>();
		if (get(admin().listGroups().all()).stream().noneMatch((listed) -> listed.groupId().equals(group))) {
			return members;
		}
		get(admin().describeConsumerGroups(List.of(group)).describedGroups().get(group)).members()
			.forEach((member) -> members.put(member.groupInstanceId().orElse(member.consumerId()),
					member.assignment()
						.topicPartitions()
						.stream()
						.filter((partition) -> partition.topic().equals(topic))
						.map(TopicPartition::partition)
						.collect(Collectors.toCollection(TreeSet::new))));
		return members;
	}

	/**
	 * Return where a topic ends, for readers of a kind.
	 */
	long end(String topic, IsolationLevel isolation) {
		return end(topic, 0, isolation);
	}

	long end(String topic, int number, IsolationLevel isolation) {
		TopicPartition partition = new TopicPartition(topic, number);
		return get(admin().listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
			.partitionResult(partition)).offset();
	}

	/**
	 * Return the results in a topic, and see that the mark is behind them, once.
	 */
	<R> List<R> completeResults(String topic, Class<R> type) {
		List<String> values = new ArrayList<>(values(topic));
		if (values.isEmpty() || !values.remove(values.size() - 1).equals(END)) {
			throw new AssertionError("No mark behind " + values + " in " + topic);
		}
		return values.stream().map((value) -> JSON.readValue(value, type)).toList();
	}

	/**
	 * Delete all records that are in topics.
	 */
	void empty(Collection<String> names) {
		Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
		names.forEach((name) -> records.put(new TopicPartition(name, 0), RecordsToDelete.beforeOffset(-1)));
		get(admin().deleteRecords(records).all());
	}

	static <V> V get(Future<V> future) {
		try {
			return future.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public void close() {
		this.producer.close(Duration.ZERO);
		this.topics.close();
	}

}
