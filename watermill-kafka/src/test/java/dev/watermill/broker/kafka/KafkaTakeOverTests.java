package dev.watermill.broker.kafka;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.Broker;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Instances that take over from each other or are reset, transactions that are left open,
 * and places of commit that move: nobody repeats or spoils what another one did, and
 * nobody waits for what is gone.
 */
class KafkaTakeOverTests {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "take-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final String out = this.prefix + "-out";

	private final List<Mill> mills = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void create() {
		this.cluster.topics().create(this.in, 1);
		this.cluster.topics().create(this.out, 1);
	}

	@AfterEach
	void stop() {
		this.mills.forEach(Mill::stop);
	}

	private void append(long from, long to) {
		this.cluster.send(this.in, LongStream.range(from, to).boxed().toList());
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
	}

	private static List<String> numbers(long from, long to) {
		return LongStream.range(from, to).mapToObj(String::valueOf).toList();
	}

	private static List<String> ended(List<String> values) {
		List<String> all = new ArrayList<>(values);
		all.add(Cluster.END);
		return all;
	}

	private List<String> inTopic() {
		return this.cluster.values(this.out);
	}

	private List<String> inFile(String name) {
		try {
			Path file = this.directory.resolve(name);
			return Files.exists(file) ? Files.readAllLines(file) : List.of();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KafkaBroker broker(Map<String, Object> clients) {
		Map<String, Object> settings = new HashMap<>(clients);
		// whoever has to wait for this waits too long
		settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000);
		return this.cluster.broker(this.prefix, settings);
	}

	private Mill mill(Call call, String... outputs) {
		return mill(broker(Map.of()), call, outputs);
	}

	/**
	 * A mill that writes what it reads to outputs: a topic, or files by their names.
	 */
	private Mill mill(KafkaBroker kafka, Call call, String... outputs) {
		return mill(kafka, call, String::valueOf, outputs);
	}

	private Mill mill(KafkaBroker kafka, Call call, Function<Long, String> text, String... outputs) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(20))
			.stateDirectory(this.directory.resolve("state"))
			.retry(new RetryPolicy(3, Duration.ofMillis(20), Duration.ofMillis(100)));
		Input<Long> from = builder.from(Cluster.topic("in", Long.class, this.in), kafka);
		builder.join(from, Cluster.topic("same", Long.class, this.in), kafka)
			.onLong((left) -> left, (right) -> right)
			.first();
		if (outputs.length == 0) {
			builder.process((delivery) -> {
				call.with(delivery.get(from));
				return null;
			});
		}
		else {
			builder.processAll((delivery) -> {
				Long value = delivery.get(from);
				call.with(value);
				return List.of(value, text.apply(value));
			});
		}
		for (int i = 0; i < outputs.length; i++) {
			boolean topic = outputs[i].equals("topic");
			Broker broker = topic ? kafka : JsonFileBroker.builder(Cluster.JSON).build();
			Map<String, String> place = topic ? Map.of("topic", this.out)
					: Map.of("file", this.directory.resolve(outputs[i]).toString());
			if (i == 0) {
				builder.to(new StreamDefinition<>("numbers", Long.class, place), Long.class, broker);
			}
			else {
				builder.to(new StreamDefinition<>("texts", String.class, place), String.class, broker);
			}
		}
		if (outputs.length == 1) {
			builder.to(
					new StreamDefinition<>("texts", String.class,
							Map.of("file", this.directory.resolve("z-texts.jsonl").toString())),
					String.class, JsonFileBroker.builder(Cluster.JSON).build());
		}
		Mill mill = builder.build();
		this.mills.add(mill);
		return mill;
	}

	private static void nothing(Long value) {
	}

	private static void awaitTakenOver(Mill mill) throws InterruptedException {
		assertThat(mill.awaitEnd(PATIENCE)).as("%s", mill.status()).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.STOPPED);
		assertThat(mill.status().detail()).contains("another instance took over the mill 'mill'");
	}

	private void stop(Mill mill) throws InterruptedException {
		mill.stop();
		assertThat(mill.awaitEnd(PATIENCE)).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.STOPPED);
	}

	private void completes(Mill mill) throws InterruptedException {
		mill.start();
		assertThat(mill.awaitEnd(PATIENCE)).as("%s", mill.status()).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void aMillThatWakesAfterItWasReplacedLeavesTheFileOfItsSuccessorAlone() throws Exception {
		append(0, 30);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch wake = new CountDownLatch(1);
		Mill zombie = mill(broker(Map.of()), (value) -> {
			if (value == 5) {
				blocked.countDown();
				wake.await(1, TimeUnit.MINUTES);
			}
		}, (value) -> (wake.getCount() > 0) ? value.toString() : "spoilt", "topic", "texts.jsonl");
		zombie.start();
		assertThat(blocked.await(40, TimeUnit.SECONDS)).isTrue();
		Mill successor = mill(KafkaTakeOverTests::nothing, "topic", "texts.jsonl");
		successor.start();
		await().until(() -> inTopic().size() == 30);
		wake.countDown();
		awaitTakenOver(zombie);
		append(30, 40);
		this.cluster.end(this.in);
		assertThat(successor.awaitEnd(PATIENCE)).isTrue();
		assertThat(inTopic()).isEqualTo(ended(numbers(0, 40)));
		assertThat(inFile("texts.jsonl")).isEqualTo(numbers(0, 40).stream().map((n) -> '"' + n + '"').toList());
	}

	@Test
	void aResetOfAStoppedInstanceStopsTheOneThatRuns() throws Exception {
		append(0, 10);
		Mill running = mill(KafkaTakeOverTests::nothing, "topic");
		running.start();
		await().until(() -> inTopic().size() == 10);
		mill(KafkaTakeOverTests::nothing, "topic").reset();
		append(10, 20);
		awaitTakenOver(running);
		assertThat(inTopic()).isEqualTo(numbers(0, 10));
		// whoever starts it again has it begin anew, as the reset says
		running.start();
		this.cluster.end(this.in);
		assertThat(running.awaitEnd(PATIENCE)).isTrue();
		List<String> twice = new ArrayList<>(numbers(0, 10));
		twice.addAll(numbers(0, 20));
		assertThat(inTopic()).isEqualTo(ended(twice));
		assertThat(inFile("z-texts.jsonl")).hasSize(20);
	}

	@Test
	void aResetIsRefusedWhileAnotherInstanceIsAMember() throws Exception {
		append(0, 10);
		List<Long> calls = Collections.synchronizedList(new ArrayList<>());
		Mill running = mill(calls::add);
		running.start();
		await().until(() -> committed("in") == 10);
		Mill other = mill(KafkaTakeOverTests::nothing);
		assertThatIllegalStateException().isThrownBy(other::reset).withMessageContaining("127.0.0.1");
		append(10, 20);
		await().until(() -> committed("in") == 20);
		stop(running);
		other.reset();
		assertThat(calls).hasSize(20).doesNotHaveDuplicates();
		assertThat(this.cluster.topics().committed(this.prefix + "-mill-in", this.in, 0).metadata()).contains("reset");
	}

	/**
	 * The broker keeps the place of one that has stopped, in case that it comes back.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "classic", "consumer" })
	void aStaticMemberThatHasStoppedIsNoOtherInstance(String protocol) throws Exception {
		append(0, 10);
		List<Long> calls = Collections.synchronizedList(new ArrayList<>());
		Mill mill = mill(staticMember(protocol, "one"), calls::add);
		mill.start();
		await().until(() -> committed("in") == 10);
		Mill other = mill(staticMember(protocol, "two"), KafkaTakeOverTests::nothing);
		assertThatIllegalStateException().isThrownBy(other::reset).withMessageContaining("127.0.0.1");
		stop(mill);
		assertThat(this.cluster.members(this.prefix + "-mill-in", this.in)).containsOnlyKeys("one");
		mill.reset();
		mill.start();
		await().until(() -> calls.size() == 20);
		assertThat(calls.subList(10, 20)).isEqualTo(calls.subList(0, 10));
	}

	private KafkaBroker staticMember(String protocol, String id) {
		Map<String, Object> clients = new HashMap<>(
				Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
		if (protocol.equals("classic")) {
			clients.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 40_000);
		}
		return broker(clients);
	}

	@Test
	void aParentsGroupIsCommittedBeforeItsChildsWhereThereIsNoTransaction() throws Exception {
		List<String> commits = Collections.synchronizedList(new ArrayList<>());
		List<Long> calls = Collections.synchronizedList(new ArrayList<>());
		AtomicBoolean armed = new AtomicBoolean();
		Mill running = mill(broker((method) -> {
			if (method.startsWith("commitSync")) {
				if (method.endsWith("-same") && armed.getAndSet(false)) {
					throw new TimeoutException("the broker is away");
				}
				commits.add(method.substring(method.lastIndexOf('-')));
			}
		}), calls::add);
		running.start();
		for (int i = 0; i < 100; i += 10) {
			// never disarmed: what is awaited is the parent's commit, and the child's of
			// before may be still to come
			if (i == 50) {
				armed.set(true);
			}
			append(i, i + 10);
			int size = i + 10;
			await().until(() -> committed("in") == size);
		}
		stop(running);
		// after the one that failed both are committed anew
		int failed = 1;
		while (commits.get(failed).equals("-same")) {
			failed += 2;
		}
		assertThat(commits.remove(failed - 1)).isEqualTo("-in");
		assertThat(commits)
			.isEqualTo(IntStream.range(0, commits.size()).mapToObj((i) -> (i % 2 == 0) ? "-in" : "-same").toList());
		assertThat(new HashSet<>(calls)).hasSize(100);
	}

	private long committed(String stream) {
		var committed = this.cluster.topics().committed(this.prefix + "-mill-" + stream, this.in, 0);
		return (committed != null) ? committed.offset() : -1;
	}

	@Test
	void aResetIsRefusedWhileAnInstanceThatWritesFilesOnlyRuns() throws Exception {
		append(0, 10);
		Mill running = mill(KafkaTakeOverTests::nothing, "numbers.jsonl");
		running.start();
		await().until(() -> inFile("numbers.jsonl").size() == 10);
		assertThatExceptionOfType(MillTakenOverException.class)
			.isThrownBy(() -> mill(KafkaTakeOverTests::nothing, "numbers.jsonl").reset());
		append(10, 20);
		this.cluster.end(this.in);
		assertThat(running.awaitEnd(PATIENCE)).isTrue();
		assertThat(inFile("numbers.jsonl")).isEqualTo(numbers(0, 20));
	}

	@Test
	void aMillOfATopicAndAFileBeginsAnewAfterAReset() throws Exception {
		append(0, 10);
		this.cluster.end(this.in);
		completes(mill(KafkaTakeOverTests::nothing, "topic", "texts.jsonl"));
		mill(KafkaTakeOverTests::nothing, "topic", "texts.jsonl").reset();
		// twice is the same as once
		mill(KafkaTakeOverTests::nothing, "topic", "texts.jsonl").reset();
		completes(mill(KafkaTakeOverTests::nothing, "topic", "texts.jsonl"));
		assertThat(inFile("texts.jsonl")).hasSize(10);
		List<String> twice = new ArrayList<>(ended(numbers(0, 10)));
		twice.addAll(ended(numbers(0, 10)));
		assertThat(inTopic()).isEqualTo(twice);
	}

	@ParameterizedTest
	@EnumSource(Taken.class)
	void whoFindsItsIdTakenNeverTakesItBack(Taken taken) throws Exception {
		append(0, 10);
		Mill running = mill(KafkaTakeOverTests::nothing, "topic");
		running.start();
		await().until(() -> inTopic().size() == 10);
		try (Producer<byte[], byte[]> other = new KafkaProducer<>(Map.of("bootstrap.servers",
				this.cluster.bootstrapServers(), "transactional.id", this.prefix + "-mill-0"),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			// it has not committed yet, and takes its time
			other.initTransactions();
			if (taken != Taken.IDLE) {
				other.beginTransaction();
				other.send(new ProducerRecord<>(this.out, new byte[0])).get();
			}
			if (taken == Taken.ABORTED) {
				other.abortTransaction();
			}
			append(10, 20);
			awaitTakenOver(running);
			if (taken == Taken.WRITING) {
				other.abortTransaction();
			}
		}
		assertThat(inTopic()).isEqualTo(numbers(0, 10));
	}

	enum Taken {

		IDLE, WRITING, ABORTED

	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 10 })
	void anAttemptAfterAFailureDoesNotTakeTheIdFromWhoHasNotCommittedYet(int results) throws Exception {
		append(0, results);
		CountDownLatch failing = new CountDownLatch(1);
		CountDownLatch taken = new CountDownLatch(1);
		// the other one may come before this one has committed anything at all
		AtomicBoolean armed = new AtomicBoolean(results == 0);
		Mill running = mill(broker((method) -> {
			if (method.equals("commitTransaction") && armed.getAndSet(false)) {
				failing.countDown();
				awaitLatch(taken);
				throw new TimeoutException("the broker is away");
			}
		}), KafkaTakeOverTests::nothing, "topic");
		running.start();
		if (results > 0) {
			await().until(() -> inTopic().size() == results);
			armed.set(true);
			append(results, results + 10);
		}
		assertThat(failing.await(40, TimeUnit.SECONDS)).isTrue();
		try (Producer<byte[], byte[]> other = new KafkaProducer<>(Map.of("bootstrap.servers",
				this.cluster.bootstrapServers(), "transactional.id", this.prefix + "-mill-0"),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			other.initTransactions();
			taken.countDown();
			awaitTakenOver(running);
		}
		assertThat(inTopic()).isEqualTo(numbers(0, results));
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await(40, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "commitTransaction", "sendOffsetsToTransaction", "initTransactions" })
	void aTransactionThatAFailureLeftOpenHoldsUpNobody(String method) throws Exception {
		append(0, 10);
		this.cluster.end(this.in);
		int[] calls = new int[1];
		Mill mill = mill(broker((called) -> {
			if (called.equals(method) && ++calls[0] == (method.equals("initTransactions") ? 1 : 3)) {
				throw new TimeoutException("the broker is away");
			}
		}), KafkaTakeOverTests::nothing, "topic");
		mill.start();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).as("%s", mill.status()).isTrue();
		assertThat(calls[0]).isGreaterThan(1);
		assertThat(inTopic()).isEqualTo(ended(numbers(0, 10)));
	}

	@Test
	void aTransactionOfAMillThatWasKilledHoldsUpNoStart() throws Exception {
		append(0, 10);
		this.cluster.end(this.in);
		try (Producer<byte[], byte[]> killed = new KafkaProducer<>(
				Map.of("bootstrap.servers", this.cluster.bootstrapServers(), "transactional.id",
						this.prefix + "-mill-0", ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000),
				new ByteArraySerializer(), new ByteArraySerializer());
				Consumer<byte[], byte[]> member = new KafkaConsumer<>(Map.of("bootstrap.servers",
						this.cluster.bootstrapServers(), "group.id", this.prefix + "-mill-in"),
						new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			killed.initTransactions();
			killed.beginTransaction();
			killed.send(new ProducerRecord<>(this.out, new byte[0])).get();
			killed.sendOffsetsToTransaction(Map.of(new TopicPartition(this.in, 0), new OffsetAndMetadata(5)),
					member.groupMetadata());
			Mill mill = mill(KafkaTakeOverTests::nothing, "topic");
			mill.start();
			assertThat(mill.awaitEnd(Duration.ofSeconds(20))).as("%s", mill.status()).isTrue();
			assertThat(inTopic()).isEqualTo(ended(numbers(0, 10)));
			killed.close(Duration.ZERO);
		}
	}

	@ParameterizedTest
	@EnumSource(End.class)
	void noTransactionIsLeftOpenWhicheverWayAMillEnds(End end) throws Exception {
		append(0, 10);
		Mill[] mill = new Mill[1];
		AtomicBoolean reached = new AtomicBoolean();
		mill[0] = mill(broker((method) -> {
			if (end == End.LASTING_FAILURE && method.equals("commitTransaction") && reached.get()) {
				throw new org.apache.kafka.common.errors.TransactionalIdAuthorizationException("no");
			}
		}, Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2_000)), (value) -> {
			if (value == 5) {
				reached.set(true);
				// what came before is in the transaction, and not committed
				await().until(() -> this.cluster.end(this.out, IsolationLevel.READ_UNCOMMITTED) > 0);
				switch (end) {
					case FUNCTION_FAILS -> throw new IllegalStateException("no luck");
					case STOP -> mill[0].stop();
					default -> {
					}
				}
			}
		}, (value) -> (end == End.RECORD_TOO_LARGE && value == 5) ? "x".repeat(5_000) : value.toString(),
				"numbers.jsonl", "topic");
		mill[0].start();
		assertThat(mill[0].awaitEnd(PATIENCE)).isTrue();
		assertThat(mill[0].state()).as("%s", mill[0].status())
			.isEqualTo((end == End.STOP) ? MillState.STOPPED : MillState.FAILED);
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.cluster.end(this.out, IsolationLevel.READ_COMMITTED) == this.cluster.end(this.out,
					IsolationLevel.READ_UNCOMMITTED));
	}

	enum End {

		RECORD_TOO_LARGE, FUNCTION_FAILS, LASTING_FAILURE, STOP

	}

	@Test
	void aTransactionMayTakeAMinuteUnlessTheUserSaysOtherwise() throws Exception {
		append(0, 1);
		this.cluster.end(this.in);
		completes(mill(this.cluster.broker(this.prefix), KafkaTakeOverTests::nothing, "topic"));
		String id = this.prefix + "-mill-0";
		assertThat(Cluster.get(this.cluster.admin().describeTransactions(List.of(id)).description(id))
			.transactionTimeoutMs()).isEqualTo(60_000);
	}

	@Test
	void positionsMoveWithTheFirstTopicAmongTheOutputs() throws Exception {
		append(0, 10);
		Mill before = mill(KafkaTakeOverTests::nothing, "numbers.jsonl");
		before.start();
		await().until(() -> inFile("numbers.jsonl").size() == 10);
		awaitLag();
		stop(before);
		append(10, 20);
		this.cluster.end(this.in);
		completes(mill(KafkaTakeOverTests::nothing, "topic"));
		assertThat(inFile("numbers.jsonl")).isEqualTo(numbers(0, 10));
		assertThat(inTopic()).isEqualTo(ended(numbers(10, 20)));
		assertThat(inFile("z-texts.jsonl")).hasSize(20);
		// back again: the place that was left is not gone on from, nor its file cut
		append(20, 30);
		Mill back = mill(KafkaTakeOverTests::nothing, "numbers.jsonl");
		back.start();
		assertThat(back.awaitEnd(PATIENCE)).isTrue();
		assertThat(back.status().lastError().message()).contains("numbers.jsonl is there already");
		Files.delete(this.directory.resolve("numbers.jsonl"));
		back.start();
		await().untilAsserted(
				() -> assertThat(inFile("numbers.jsonl")).as("%s", back.status()).isEqualTo(numbers(20, 30)));
		await().untilAsserted(() -> assertThat(inFile("z-texts.jsonl")).hasSize(30));
		stop(back);
	}

	@Test
	void positionsMoveFromAFileThatIsNoOutputAnyMore() throws Exception {
		append(0, 10);
		Mill before = one("a.jsonl");
		before.start();
		await().until(() -> inFile("a.jsonl").size() == 10);
		awaitLag();
		stop(before);
		append(10, 20);
		this.cluster.end(this.in);
		completes(one("topic"));
		assertThat(inFile("a.jsonl")).isEqualTo(numbers(0, 10));
		assertThat(inTopic()).isEqualTo(ended(numbers(10, 20)));
		append(20, 30);
		this.cluster.end(this.in);
		completes(one("topic"));
		assertThat(inTopic()).hasSize(22);
	}

	@Test
	void whatOnlyShowsTheLagIsNoPosition() throws Exception {
		append(0, 10);
		Mill before = one("a.jsonl");
		before.start();
		await().until(() -> inFile("a.jsonl").size() == 10);
		awaitLag();
		stop(before);
		Files.delete(this.directory.resolve("a.jsonl.checkpoint"));
		this.cluster.end(this.in);
		completes(one("topic"));
		assertThat(inTopic()).isEqualTo(ended(numbers(0, 10)));
	}

	@Test
	void positionsMoveFromATransactionToACheckpoint() throws Exception {
		append(0, 10);
		Mill before = one("topic");
		before.start();
		await().until(() -> inTopic().size() == 10);
		stop(before);
		append(10, 20);
		this.cluster.end(this.in);
		completes(one("a.jsonl"));
		assertThat(inTopic()).isEqualTo(numbers(0, 10));
		assertThat(inFile("a.jsonl")).isEqualTo(numbers(10, 20));
	}

	/**
	 * A mill with one output.
	 */
	private Mill one(String output) {
		KafkaBroker kafka = broker(Map.of());
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMillis(20))
			.stateDirectory(this.directory.resolve("state"));
		Input<Long> from = builder.from(Cluster.topic("in", Long.class, this.in), kafka);
		builder.join(from, Cluster.topic("same", Long.class, this.in), kafka)
			.onLong((left) -> left, (right) -> right)
			.first();
		builder.process((delivery) -> delivery.get(from));
		boolean topic = output.equals("topic");
		builder.to(
				new StreamDefinition<>("numbers", Long.class,
						topic ? Map.of("topic", this.out) : Map.of("file", this.directory.resolve(output).toString())),
				Long.class, topic ? kafka : JsonFileBroker.builder(Cluster.JSON).build());
		Mill mill = builder.build();
		this.mills.add(mill);
		return mill;
	}

	/**
	 * Wait until the groups of a mill of files show its lag.
	 */
	private void awaitLag() {
		await().until(() -> List.of("in", "same").stream().allMatch((stream) -> {
			var committed = this.cluster.topics().committed(this.prefix + "-mill-" + stream, this.in, 0);
			return committed != null && committed.offset() > 0;
		}));
	}

	private KafkaBroker broker(Before before) {
		return broker(before, Map.of());
	}

	/**
	 * Make a broker whose clients do something before they do what they are called for.
	 */
	private KafkaBroker broker(Before before, Map<String, Object> settings) {
		Map<String, Object> properties = new HashMap<>(settings);
		properties.put("bootstrap.servers", this.cluster.bootstrapServers());
		properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000);
		KafkaClients clients = KafkaClients.of(properties);
		return KafkaBroker.builder(new FaultyClients(clients, before), Cluster.JSON).groupIdPrefix(this.prefix).build();
	}

	private interface Call {

		void with(Long value) throws Exception;

	}

	private interface Before {

		void call(String method);

	}

	private record FaultyClients(KafkaClients clients, Before before) implements KafkaClients {

		@Override
		public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
			return proxy(Consumer.class, this.clients.consumer(settings), " " + settings.enforced().get("group.id"));
		}

		@Override
		public Producer<byte[], byte[]> producer(ClientSettings settings) {
			return proxy(Producer.class, this.clients.producer(settings), "");
		}

		@SuppressWarnings("unchecked")
		private <C> C proxy(Class<?> type, C client, String name) {
			return (C) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						this.before.call(method.getName() + name);
						try {
							return method.invoke(client, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		@Override
		public Admin admin() {
			return this.clients.admin();
		}

	}

}
