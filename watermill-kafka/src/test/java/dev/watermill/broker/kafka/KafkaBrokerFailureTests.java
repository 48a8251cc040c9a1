package dev.watermill.broker.kafka;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.kafka.MillShape.Element;
import dev.watermill.broker.kafka.MillShape.Result;
import dev.watermill.corpus.Approved;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.kafka.fixture.KafkaProcess;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The broker goes and comes back, and instances of one mill take over from each other:
 * nothing is lost or doubled, and nobody has to help. {@code -Dkafka.restarts=10} takes
 * so many restarts.
 */
@Timeout(600)
class KafkaBrokerFailureTests {

	private static final int RESTARTS = Integer.getInteger("kafka.restarts", 1);

	/** How long it is away where that is for long. */
	private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("kafka.outage.seconds", 3));

	private static final long ELEMENTS = 60_000;

	@TempDir
	private static Path data;

	private static KafkaProcess kafka;

	private static Cluster cluster;

	private final List<Mill> mills = new ArrayList<>();

	@TempDir
	private Path directory;

	@BeforeAll
	static void startKafka() {
		kafka = KafkaProcess.builder()
			.directory(data)
			.property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
			.property("allow.everyone.if.no.acl.found", "true")
			.start();
		cluster = new Cluster(kafka.bootstrapServers());
	}

	@AfterAll
	static void stopKafka() {
		cluster.close();
		kafka.close();
	}

	@AfterEach
	void stopMills() {
		this.mills.forEach(Mill::stop);
	}

	private static MillSetup setup(MillShape shape, String test) {
		return new MillSetup(shape, kafka.bootstrapServers(), test);
	}

	private MillSetup filled(MillShape shape, String test) throws Exception {
		MillSetup setup = setup(shape, test);
		new Killing(cluster, setup, this.directory, ELEMENTS, 0).fill();
		return setup;
	}

	private Mill start(MillSetup setup) {
		Mill mill = setup.builder().build();
		this.mills.add(mill);
		mill.start();
		return mill;
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(10));
	}

	private static ResultReader reader(MillSetup setup) {
		return new ResultReader(cluster, setup.topic(MillSetup.OUT), setup.shape()::result);
	}

	private static void awaitMore(ResultReader reader) {
		awaitResults(reader, reader.count() + 1);
	}

	private static void awaitResults(ResultReader reader, long count) {
		await().until(() -> {
			reader.assertRight();
			return reader.count() >= count;
		});
	}

	private static void assertCompletes(Mill mill) throws InterruptedException {
		assertThat(mill.awaitEnd(Duration.ofMinutes(2))).as("end of %s", mill.status()).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.COMPLETED);
	}

	@Test
	void goesOnAfterRestartsOfTheBrokerUnderLoad() throws Exception {
		MillSetup setup = filled(MillShape.SELF_JOIN, "restarts");
		// so slow that the broker can restart so often, and so quick to say what is wrong
		setup.taking(4_000_000_000L * RESTARTS / ELEMENTS).client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
		kafka.stop();
		Mill mill = start(setup);
		await().until(() -> mill.status().unavailable() != null);
		assertThat(mill.state()).isEqualTo(MillState.STARTING);
		System.out.println("without a broker at the start: " + mill.status().unavailable());
		kafka.start();
		try (ResultReader reader = reader(setup)) {
			List<Long> restartedAt = new ArrayList<>();
			List<Long> outages = new ArrayList<>();
			for (int i = 0; i < RESTARTS; i++) {
				awaitResults(reader, setup.shape().results(ELEMENTS) * i / (RESTARTS + 1) + 1);
				long start = System.nanoTime();
				if (i % 2 == 0) {
					kafka.kill();
				}
				else {
					kafka.stop();
				}
				if (i < 2) {
					await().until(() -> mill.status().unavailable() != null);
					System.out.println("without a broker in the middle: " + mill.status().unavailable());
				}
				long before = reader.count();
				restartedAt.add(before);
				kafka.start();
				awaitResults(reader, before + 1);
				assertThat(mill.status().unavailable()).isNull();
				outages.add((System.nanoTime() - start) / 1_000_000);
			}
			assertCompletes(mill);
			reader.assertComplete(setup.shape().results(ELEMENTS));
			System.out.printf("the broker was killed and stopped by turns at results %s of %d; milliseconds from "
					+ "there to the next result %s%n", restartedAt, setup.shape().results(ELEMENTS), outages);
		}
	}

	/**
	 * Longer than clients wait for anything: transactions, sessions and records time out,
	 * and brokers are looked for from the start.
	 */
	@Test
	void goesOnSoonAfterALongOutage() throws Exception {
		MillSetup setup = filled(MillShape.SELF_JOIN, "outage").taking(50_000)
			.client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000)
			.client(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 2_000)
			.client(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 1_500)
			.client(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000)
			.client("metadata.recovery.rebootstrap.trigger.ms", 1_000)
			.client("session.timeout.ms", 1_500)
			.client("heartbeat.interval.ms", 100);
		Mill mill = setup.builder().retry(new RetryPolicy(2, Duration.ofMinutes(1), Duration.ofMinutes(1))).build();
		this.mills.add(mill);
		mill.start();
		try (ResultReader reader = reader(setup)) {
			awaitMore(reader);
			kafka.kill();
			await().until(() -> mill.status().unavailable() != null);
			long before = reader.count();
			await().atMost(OUTAGE.plusMinutes(2))
				.during(OUTAGE)
				.until(() -> mill.status().unavailable() != null && mill.state() != MillState.FAILED);
			long start = System.nanoTime();
			kafka.start();
			long back = System.nanoTime();
			awaitResults(reader, before + 1);
			long seconds = (System.nanoTime() - back) / 1_000_000_000;
			System.out.printf("%d s away, and %d s from its return to the next result%n", OUTAGE.toSeconds(), seconds);
			// where the broker itself is slow to start the machine is busy
			assertThat(seconds).isLessThan(Math.max(5, 2 * (back - start) / 1_000_000_000));
			assertCompletes(mill);
			reader.assertComplete(setup.shape().results(ELEMENTS));
		}
	}

	@Test
	void completesAlthoughTheBrokerGoesBeforeItsLastCommit() throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "last").client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill mill = block(setup, (element) -> {
			if (element.key() == 4 && blocked.getCount() > 0) {
				blocked.countDown();
				await(goOn);
			}
			return Stream.of(Result.of(List.of(element)));
		});
		cluster.end(setup.topic("reading"));
		await(blocked);
		kafka.kill();
		goOn.countDown();
		await().until(() -> mill.status().unavailable() != null);
		kafka.start();
		assertCompletes(mill);
		assertThat(cluster.values(setup.topic(MillSetup.OUT))).hasSize(5).endsWith(Cluster.END);
	}

	/**
	 * A client that does not know a topic yet waits for each record.
	 */
	@Test
	void doesNotWaitForOneResultAfterTheOtherWhereTheBrokerIsAway() throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "waiting").client(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill mill = block(setup, (element) -> {
			blocked.countDown();
			await(goOn);
			return IntStream.range(0, 200).mapToObj((i) -> Result.of(List.of(element)));
		});
		cluster.end(setup.topic("reading"));
		await(blocked);
		kafka.kill();
		goOn.countDown();
		await().atMost(Duration.ofSeconds(30)).until(() -> mill.status().unavailable() != null);
		assertThat(mill.status().unavailable()).contains(setup.topic(MillSetup.OUT));
		kafka.start();
		assertCompletes(mill);
		assertThat(cluster.values(setup.topic(MillSetup.OUT))).hasSize(801).endsWith(Cluster.END);
	}

	@Test
	void saysWhatIsMissingOfTheBrokerAndGoesOnOnceItIsThere() throws Exception {
		Approved texts = new Approved("faults-of-brokers.txt");
		for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.TRANSACTIONAL_ID, ResourceType.GROUP)) {
			String name = type.name().toLowerCase(Locale.ROOT).replace('_', '-');
			texts.add("permission-for-" + name + "-taken", withoutPermission(type));
		}
		texts.add("no-broker", withoutBroker());
		texts.verify();
	}

	private String withoutBroker() {
		Mill mill = start(new MillSetup(MillShape.WINDOW, "localhost:1", "absent").client("default.api.timeout.ms", 500)
			.client("request.timeout.ms", 400));
		await().until(() -> mill.status().unavailable() != null);
		String told = mill.status().unavailable();
		mill.stop();
		return "waits: " + told.replaceFirst(" Call: .*", "");
	}

	private String withoutPermission(ResourceType type) throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "denied-" + type);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill mill = block(setup, (element) -> {
			if (element.key() == 2) {
				blocked.countDown();
				await(goOn);
			}
			return Stream.of(Result.of(List.of(element)));
		});
		cluster.end(setup.topic("reading"));
		await(blocked);
		AclBinding denial = denial(type, switch (type) {
			case TOPIC -> setup.topic(MillSetup.OUT);
			case GROUP -> setup.group("reading");
			default -> setup.transactionalId();
		}, (type == ResourceType.GROUP) ? AclOperation.READ : AclOperation.WRITE);
		// nobody needs this topic, but one sees by it that the broker took notice
		String seen = setup.topic("seen");
		cluster.topics().create(seen, 1);
		AclBinding alike = denial(ResourceType.TOPIC, seen, AclOperation.WRITE);
		String told;
		cluster.admin().createAcls(List.of(denial, alike)).all().get();
		try {
			await().until(() -> !isVisible(seen));
			goOn.countDown();
			await().until(() -> mill.state() != MillState.RUNNING);
			assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.FAILED);
			told = mill.status().lastError().message();
		}
		finally {
			cluster.admin().deleteAcls(List.of(denial.toFilter(), alike.toFilter())).all().get();
		}
		await().until(() -> isVisible(seen));
		mill.start();
		assertCompletes(mill);
		assertThat(cluster.values(setup.topic(MillSetup.OUT))).hasSize(5).endsWith(Cluster.END);
		// what notices it first varies
		return told.replace("denied-" + type, "<prefix>").replaceFirst("^.*?(\\w+AuthorizationException)", "... $1");
	}

	private static AclBinding denial(ResourceType type, String name, AclOperation operation) {
		return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
				new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY));
	}

	private static boolean isVisible(String topic) throws Exception {
		try {
			return cluster.admin().describeTopics(List.of(topic)).allTopicNames().get().containsKey(topic);
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(TopicAuthorizationException.class);
			return false;
		}
	}

	@Test
	void stopsAlthoughTheBrokerGoesWhileItLooksForResultsThatAreThere() throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "existing");
		cluster.topics().create(setup.topic("reading"), 1);
		cluster.topics().create(setup.topic(MillSetup.OUT), 1);
		cluster.send(setup.topic(MillSetup.OUT), List.of(1));
		CountDownLatch gone = new CountDownLatch(1);
		KafkaClients clients = KafkaClients.of(Map.of("bootstrap.servers", kafka.bootstrapServers()));
		KafkaBroker broker = KafkaBroker.builder(new ConsumersOf(clients, (client) -> {
			if (client.endsWith("-existing") && gone.getCount() > 0) {
				kafka.kill();
				gone.countDown();
			}
		}), Cluster.JSON).groupIdPrefix("existing").build();
		MillBuilder builder = Mill.builder("mill");
		Input<Element> reading = builder.from(setup.input("reading"), broker);
		builder.to(Cluster.topic(MillSetup.OUT, Element.class, setup.topic(MillSetup.OUT)), Element.class, broker);
		Mill mill = builder.process((delivery) -> delivery.get(reading)).build();
		this.mills.add(mill);
		mill.start();
		await(gone);
		await().until(() -> mill.status().unavailable() != null);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofSeconds(20))).isTrue();
		assertThat(mill.state()).isEqualTo(MillState.STOPPED);
		kafka.start();
		mill.start();
		await().until(() -> mill.state() == MillState.FAILED);
		assertThat(mill.status().lastError().message()).contains("have no positions", setup.topic(MillSetup.OUT));
	}

	@Test
	void aSecondInstanceStandsByAndGoesOnWhereTheFirstStops() throws Exception {
		MillSetup setup = filled(MillShape.ONE_TO_MANY, "second").taking(1_000_000);
		MillSetup other = setup(MillShape.ONE_TO_MANY, "second").taking(1_000_000);
		try (ResultReader reader = reader(setup)) {
			Mill first = start(setup);
			awaitMore(reader);
			Mill second = start(other);
			await().until(() -> second.state() == MillState.RUNNING);
			awaitMore(reader);
			assertThat(second.status().lanes()).isEmpty();
			stop(first);
			awaitMore(reader);
			assertThat(second.status().lanes()).hasSize(1);
			// whoever comes back stands by in its turn
			first.start();
			await().until(() -> first.state() == MillState.RUNNING);
			awaitMore(reader);
			assertThat(first.status().lanes()).isEmpty();
			stop(second);
			awaitMore(reader);
			stop(first);
			assertCompletes(start(setup(MillShape.ONE_TO_MANY, "second")));
			reader.assertComplete(setup.shape().results(ELEMENTS));
		}
	}

	private static void stop(Mill mill) throws InterruptedException {
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofMinutes(1))).isTrue();
		assertThat(mill.state()).as("%s", mill.status()).isEqualTo(MillState.STOPPED);
		assertThat(mill.status().detail()).isNull();
	}

	@Test
	void anInstanceThatWasSuspendedAndReplacedCommitsNothing() throws Exception {
		MillSetup setup = filled(MillShape.WINDOW, "suspended").taking(1_000_000)
			.client("session.timeout.ms", 1500)
			.client("heartbeat.interval.ms", 100);
		try (ResultReader reader = reader(setup); MillProcess first = MillProcess.start(setup, this.directory)) {
			awaitMore(reader);
			first.signal("STOP");
			try (MillProcess second = MillProcess.start(setup, this.directory)) {
				await().until(() -> second.firstCommit().isPresent());
				awaitMore(reader);
				first.signal("CONT");
				awaitMore(reader);
				assertThat(second.awaitEnd(Duration.ofMinutes(2))).contains(MillProcess.ENDED + "COMPLETED");
				// the lane was over elsewhere
				assertThat(first.awaitEnd(Duration.ofMinutes(1))).contains(MillProcess.ENDED + "COMPLETED");
			}
			reader.assertComplete(setup.shape().results(ELEMENTS));
		}
	}

	@Test
	void whatCameBeforeALongCallIsCommittedWhileItLastsHoweverLong() throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "long-call").client(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_000);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill mill = block(setup, (element) -> {
			if (element.key() == 3) {
				goOn.await(1, TimeUnit.MINUTES);
			}
			return Stream.of(Result.of(List.of(element)));
		});
		String out = setup.topic(MillSetup.OUT);
		await().until(() -> cluster.values(out).size() == 2);
		await().until(() -> state(setup) == TransactionState.COMPLETE_COMMIT);
		// for longer than a transaction may take
		await().during(Duration.ofMillis(1_500))
			.until(() -> state(setup) == TransactionState.COMPLETE_COMMIT && mill.state() == MillState.RUNNING);
		goOn.countDown();
		await().until(() -> cluster.values(out).size() == 4);
		assertThat(mill.state()).isEqualTo(MillState.RUNNING);
	}

	/**
	 * A broker that lost what it had not written to its disk, and went on: other records
	 * stand now where the mill has been.
	 */
	@Test
	void refusesALogThatLostItsTail() throws Exception {
		String in = "tail-in";
		cluster.topics().create(in, 1);
		for (int i = 1; i <= 10; i++) {
			cluster.send(in, List.of(i));
		}
		Mill mill = copy(in, "tail-out", OnDataLoss.FAIL);
		mill.start();
		await().until(() -> cluster.topics().committed("tail-mill-" + in, in, 0) != null
				&& cluster.topics().committed("tail-mill-" + in, in, 0).offset() == 10);
		mill.stop();
		assertThat(mill.awaitEnd(Duration.ofMinutes(1))).isTrue();
		kafka.kill();
		Path log = data.resolve("data").resolve(in + "-0").resolve("00000000000000000000.log");
		try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
			file.truncate(file.size() * 7 / 10);
		}
		kafka.start();
		assertThat(cluster.topics().end(in, 0)).isEqualTo(7);
		cluster.send(in, List.of(11, 12, 13, 14, 15));
		Mill again = copy(in, "tail-out", OnDataLoss.FAIL);
		assertThat(again.run()).as("%s", again.status()).isEqualTo(MillState.FAILED);
		assertThat(again.status().lastError().message()).contains("'" + in + "' is to be read on from offset 10",
				"ends at 7 now", "lost its tail");
		assertThat(cluster.values("tail-out")).hasSize(10);
		cluster.end(in);
		assertCompletes(start(copy(in, "tail-out", OnDataLoss.EARLIEST)));
		assertThat(cluster.values("tail-out")).hasSize(16).endsWith("11", "12", "13", "14", "15", Cluster.END);
	}

	private static Mill start(Mill mill) {
		mill.start();
		return mill;
	}

	private Mill copy(String in, String out, OnDataLoss policy) {
		KafkaBroker broker = cluster.broker("tail");
		MillBuilder builder = Mill.builder("mill");
		Input<Long> input = builder.from(new StreamDefinition<>(in, Long.class, Map.of(KafkaBroker.TOPIC_PROPERTY, in,
				KafkaBroker.ON_DATA_LOSS_PROPERTY, policy.name().toLowerCase(Locale.ROOT))), broker);
		builder.to(Cluster.topic("out", Long.class, out), Long.class, broker);
		Mill mill = builder.process((delivery) -> delivery.get(input)).build();
		this.mills.add(mill);
		return mill;
	}

	@ParameterizedTest
	@ValueSource(ints = { 1_000, 30_000 })
	void aDeliveryWhoseResultsOutliveTheTransactionFailsAndIsNoTakeOver(int results) throws Exception {
		MillSetup setup = setup(MillShape.WINDOW, "timeout-" + results)
			.client(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_000);
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Mill mill = block(setup, (element) -> IntStream.range(0, (element.key() == 2) ? results : 1).mapToObj((i) -> {
			if (i == 900) {
				blocked.countDown();
				await(goOn);
			}
			return Result.of(List.of(element));
		}));
		await(blocked);
		await().until(() -> state(setup) == TransactionState.ONGOING);
		await().until(() -> state(setup) != TransactionState.ONGOING);
		goOn.countDown();
		await().atMost(Duration.ofSeconds(20)).until(() -> mill.state() == MillState.FAILED);
		String message = mill.status().lastError().message();
		assertThat(message).contains("transaction.timeout.ms", "1000 ms", setup.topic("reading") + "-0@")
			.doesNotContain("took over");
		assertThat(cluster.values(setup.topic(MillSetup.OUT))).hasSize(1);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start a mill with four elements, which commits seldom.
	 */
	private Mill block(MillSetup setup, Blocking function) {
		String in = setup.topic("reading");
		cluster.topics().create(in, 1);
		cluster.topics().create(setup.topic(MillSetup.OUT), 1);
		cluster.send(in, IntStream.rangeClosed(1, 4).mapToObj((i) -> new Element(i, i)).toList());
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMinutes(1));
		Input<Element> reading = builder.from(setup.input("reading"), setup.broker("reading"));
		builder.to(Cluster.topic(MillSetup.OUT, Result.class, setup.topic(MillSetup.OUT)), Result.class,
				setup.broker(MillSetup.OUT));
		builder.processStream((delivery) -> function.process(delivery.get(reading)));
		Mill mill = builder.build();
		this.mills.add(mill);
		mill.start();
		return mill;
	}

	private static TransactionState state(MillSetup setup) {
		try {
			return cluster.admin()
				.describeTransactions(List.of(setup.transactionalId()))
				.description(setup.transactionalId())
				.get()
				.state();
		}
		catch (Exception ex) {
			return TransactionState.EMPTY;
		}
	}

	/**
	 * Does something before a consumer is made.
	 */
	private record ConsumersOf(KafkaClients clients,
			java.util.function.Consumer<String> before) implements KafkaClients {

		@Override
		public Consumer<byte[], byte[]> consumer(ClientSettings settings) {
			this.before.accept(String.valueOf(settings.enforced().get("client.id")));
			return this.clients.consumer(settings);
		}

		@Override
		public Producer<byte[], byte[]> producer(ClientSettings settings) {
			return this.clients.producer(settings);
		}

		@Override
		public Admin admin() {
			return this.clients.admin();
		}

	}

	/** What a mill does that takes long. */
	@FunctionalInterface
	private interface Blocking {

		Stream<Result> process(Element element) throws Exception;

	}

}
