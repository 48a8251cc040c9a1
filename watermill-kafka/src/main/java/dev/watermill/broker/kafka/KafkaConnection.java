package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka cluster as mills see it: makes clients, whose settings a mill depends on, and
 * gives names to groups and transactions. Thread-safe.
 */
final class KafkaConnection {

	/** How long one question to the cluster may take before it counts as away. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	/**
	 * Measured on Kafka 4.2 against the clients' own defaults: a fifth more throughput. A
	 * broker is asked one thing at a time, so while it waits for records of partitions
	 * that are caught up those of others wait that have come since.
	 */
	private static final Map<String, Object> READER_DEFAULTS = Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
			FetchSize.ofPartition(1), ConsumerConfig.RECEIVE_BUFFER_CONFIG, Selectable.USE_DEFAULT_BUFFER_SIZE,
			ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);

	/**
	 * A heartbeat takes nothing, and is how soon a member hears that there are lanes for
	 * it: with the client's own 3 s it is these that a clean stop costs the others. New
	 * partitions are noticed as soon as the member looks at its topic again.
	 */
	private static final Map<String, Object> MEMBER_DEFAULTS = Map.of(
			ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
			ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5000);

	/** Of any consumer, since what the user says of one of these is for all. */
	private static final Map<String, Object> SESSION_DEFAULTS = Map.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000,
			ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);

	/**
	 * What says how to be a member is not said of those that only read. The client of the
	 * newer protocol hands each call to a thread of its own: with it a lane that changes
	 * hands took 0.86 s to go on, and takes 0.52 s without.
	 */
	private static final Set<String> ONLY_OF_MEMBERS = Set.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
			ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

	private static final int MOST_BATCH = 128 * 1024;

	/** The client's own. */
	private static final int LEAST_BATCH = 16 * 1024;

	/** Of all lanes that an instance may have to take. */
	private static final int ALL_BATCHES = 4 * 1024 * 1024;

	/**
	 * The pause between tries is short since the coordinator asks to try again at every
	 * commit: with the client's own 100 ms there are at most 30 commits a second.
	 */
	private static final Map<String, Object> PRODUCER_DEFAULTS = Map.of(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5,
			ProducerConfig.LINGER_MS_CONFIG, 5, ProducerConfig.BATCH_SIZE_CONFIG, MOST_BATCH,
			ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024, ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000,
			ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000);

	/** How large a request is at most if nobody says so. */
	private static final int LARGEST_REQUEST = 1024 * 1024;

	/** What a client is for that is made to see whether it can be. */
	private static final String TRIAL = "settings";

	private final KafkaClients clients;

	private final ClientTrial trial;

	private final String prefix;

	private final boolean createTopics;

	private final SharedFetches fetches = new SharedFetches();

	private final SharedAdmin admin = new SharedAdmin(this::newAdmin);

	private final LaneQuestions questions = new LaneQuestions(this.admin::use);

	private final CommitTurns commitTurns = new CommitTurns();

	/** By which the topics of this cluster take part in commits. */
	private final ParticipantKey<KafkaTopic> topics = new ParticipantKey<>(KafkaTopic.class, this);

	/** By which what is written to this cluster is part of a transaction. */
	private final ParticipantKey<TransactionLog> transactions = new ParticipantKey<>(TransactionLog.class, this);

	/** By which lanes commit as a member of a consumer group. */
	private final ParticipantKey<MemberCommits> members = new ParticipantKey<>(MemberCommits.class, this);

	/** What producers call consumer groups. */
	private final Map<String, ConsumerGroupMetadata> groups = new ConcurrentHashMap<>();

	/** Who has which consumer group. */
	private final Map<String, String> owners = new ConcurrentHashMap<>();

	/**
	 * How many bytes of records one input may hold that nobody asked for yet. As elements
	 * they take several times as much, and inputs are many.
	 * @param most what is enough for speed
	 */
	static long shareOfHeap(long most) {
		return Math.min(most, Runtime.getRuntime().maxMemory() / 64);
	}

	KafkaConnection(KafkaClients clients, String prefix, boolean createTopics) {
		this.clients = clients;
		this.trial = new ClientTrial(clients);
		this.prefix = prefix;
		this.createTopics = createTopics;
	}

	boolean createsTopics() {
		return this.createTopics;
	}

	/**
	 * The fetches of this cluster that nodes and lanes share.
	 */
	SharedFetches fetches() {
		return this.fetches;
	}

	/**
	 * Asks what each lane wants to know.
	 */
	LaneQuestions questions() {
		return this.questions;
	}

	/**
	 * Paces the commits of all lanes.
	 */
	CommitTurns commitTurns() {
		return this.commitTurns;
	}

	ParticipantKey<KafkaTopic> topics() {
		return this.topics;
	}

	ParticipantKey<TransactionLog> transactions() {
		return this.transactions;
	}

	ParticipantKey<MemberCommits> members() {
		return this.members;
	}

	/**
	 * What a producer calls a group whose offsets it commits. It comes from a consumer
	 * that has nothing assigned, and always is the same.
	 */
	ConsumerGroupMetadata metadata(CommitGroup group) {
		return this.groups.computeIfAbsent(group.name(), (name) -> {
			try (Consumer<byte[], byte[]> consumer = consumer(name, "positions", group.clientSettings())) {
				return consumer.groupMetadata();
			}
		});
	}

	/**
	 * The consumer group of a node. Lanes that read the whole topic have one each, since
	 * each is somewhere else in it.
	 * @throws BrokerException if another node has it
	 */
	String group(LaneId lane, KafkaTopic topic) {
		return owned(nameOfGroup(lane, topic), "the stream '" + topic.stream() + "' of the mill '" + lane.mill() + "'");
	}

	/**
	 * The group of a mill that reads no topic.
	 * @throws BrokerException if another node has it
	 */
	String group(LaneId lane) {
		return owned(nameOfGroup(lane), "the mill '" + lane.mill() + "', which reads no topic");
	}

	String nameOfGroup(LaneId lane, KafkaTopic topic) {
		String name = nameOfGroups(lane, topic);
		return topic.isReadWhole() ? name + "-" + lane.lane() : name;
	}

	/**
	 * What the names of the groups of all lanes begin with.
	 */
	String nameOfGroups(LaneId lane, KafkaTopic topic) {
		return this.prefix + "-" + lane.mill() + "-" + topic.stream();
	}

	String nameOfGroup(LaneId lane) {
		return this.prefix + "-" + lane.mill();
	}

	/**
	 * Hyphens within names can make one of two.
	 */
	private String owned(String group, String owner) {
		String other = this.owners.putIfAbsent(group, owner);
		if (other != null && !other.equals(owner)) {
			throw new BrokerException("The consumer group '" + group + "' would be that of " + other + " and of "
					+ owner + ": each would go on where the other is. Give one of the mills, or of the streams, "
					+ "another name.");
		}
		return group;
	}

	String transactionalId(LaneId lane) {
		return this.prefix + "-" + lane;
	}

	/**
	 * Use the client by which all ask this cluster.
	 */
	SharedAdmin.Use admin() {
		return this.admin.use();
	}

	private Admin newAdmin() {
		try {
			return this.clients.admin();
		}
		catch (RuntimeException ex) {
			throw KafkaFailures.translate("Kafka can't be asked", ex);
		}
	}

	/**
	 * See whether the clients that a stream needs for being read can be made.
	 * @param stream what the user says for the clients of the stream
	 * @throws KafkaSettingsException if not
	 */
	void tryReading(Map<String, Object> stream) {
		this.trial.consumer(memberSettings(this.prefix, stream));
		this.trial.admin();
	}

	/**
	 * See whether the clients that a stream needs for being written can be made.
	 * @param stream what the user says for the clients of the stream
	 * @throws KafkaSettingsException if not
	 */
	void tryWriting(Map<String, Object> stream) {
		this.trial.producer(producerSettings(this.prefix + "-" + TRIAL, stream, Integer.MAX_VALUE));
		tryReading(stream);
	}

	/**
	 * Make a consumer that is assigned what it reads and commits nothing by itself.
	 * @param group its group
	 * @param purpose what it is for, as part of its name
	 * @param stream what the user says for the clients of the stream
	 */
	Consumer<byte[], byte[]> consumer(String group, String purpose, Map<String, Object> stream) {
		return this.clients.consumer(consumerSettings(group, purpose, stream));
	}

	/**
	 * Make a consumer that reads partitions of a topic, perhaps all of them.
	 */
	Consumer<byte[], byte[]> fetcher(FetchTarget target) {
		ClientSettings settings = consumerSettings(target.group(), String.valueOf(target.lane().lane()),
				target.topic().clientSettings());
		Map<String, Object> defaults = new HashMap<>(settings.defaults());
		defaults.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FetchSize.ofPartition(target.partitions()));
		return this.clients
			.consumer(new ClientSettings(defaults, settings.stream(), settings.enforced(), settings.limits()));
	}

	/**
	 * Make a consumer that is a member of its group, and reads nothing.
	 * @param group its group
	 * @param stream what the user says for the clients of the stream
	 */
	Consumer<byte[], byte[]> member(String group, Map<String, Object> stream) {
		return this.clients.consumer(memberSettings(group, stream));
	}

	private static ClientSettings memberSettings(String group, Map<String, Object> stream) {
		Map<String, @Nullable Object> enforced = new HashMap<>(consumerSettings(group, "member", stream).enforced());
		enforced.keySet().removeAll(ONLY_OF_MEMBERS);
		// a consumer that reads nothing looks for positions all the same
		enforced.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		return new ClientSettings(defaults(MEMBER_DEFAULTS), stream, enforced);
	}

	private static ClientSettings consumerSettings(String group, String purpose, Map<String, Object> stream) {
		Map<String, @Nullable Object> enforced = new HashMap<>();
		enforced.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
		enforced.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
		enforced.put(ConsumerConfig.GROUP_ID_CONFIG, group);
		ONLY_OF_MEMBERS.forEach((name) -> enforced.put(name, null));
		enforced.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		enforced.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		enforced.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		enforced.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		enforced.put(CommonClientConfigs.CLIENT_ID_CONFIG, group + "-" + purpose);
		return new ClientSettings(defaults(READER_DEFAULTS), stream, enforced);
	}

	private static Map<String, Object> defaults(Map<String, Object> some) {
		Map<String, Object> defaults = new HashMap<>(SESSION_DEFAULTS);
		defaults.putAll(some);
		return defaults;
	}

	/**
	 * Make a producer that has the transactional id of a lane.
	 * @param lanes how many lanes the mill has, of which all may be here: each producer
	 * keeps the memory of a batch
	 * @param stream what the user says for the clients of the stream
	 * @param largestBatch how many bytes a batch of records may have: the client splits a
	 * larger one for ever into what it was
	 */
	Producer<byte[], byte[]> producer(LaneId lane, int lanes, Map<String, Object> stream, int largestBatch) {
		ClientSettings settings = producerSettings(transactionalId(lane), stream, largestBatch);
		Map<String, Object> defaults = new HashMap<>(settings.defaults());
		defaults.put(ProducerConfig.BATCH_SIZE_CONFIG,
				Math.max(LEAST_BATCH, Math.min(MOST_BATCH, ALL_BATCHES / Math.max(1, lanes))));
		return this.clients
			.producer(new ClientSettings(defaults, settings.stream(), settings.enforced(), settings.limits()));
	}

	/**
	 * Return how many bytes a record may have that a producer takes.
	 * @param stream what the user says for the clients of the stream
	 */
	int largestRequest(Map<String, Object> stream) {
		Object said = producerSettings("", stream, Integer.MAX_VALUE).over(this.clients.producerSettings())
			.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
		try {
			return (said != null) ? Integer.parseInt(said.toString().trim()) : LARGEST_REQUEST;
		}
		catch (NumberFormatException ex) {
			// the client says what is wrong
			return LARGEST_REQUEST;
		}
	}

	private static ClientSettings producerSettings(String transactionalId, Map<String, Object> stream,
			int largestBatch) {
		Map<String, @Nullable Object> enforced = new HashMap<>();
		enforced.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
		enforced.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
		enforced.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
		enforced.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		enforced.put(ProducerConfig.ACKS_CONFIG, "all");
		enforced.put(CommonClientConfigs.CLIENT_ID_CONFIG, transactionalId);
		return new ClientSettings(PRODUCER_DEFAULTS, stream, enforced,
				Map.of(ProducerConfig.BATCH_SIZE_CONFIG, largestBatch));
	}

}
