package dev.watermill.benchmarks.kafka;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

import com.sun.management.OperatingSystemMXBean;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What lanes cost on one instance: a self-join of so many elements in more and more
 * lanes; a thousand lanes and their memory, threads and clients; how long a start takes
 * after few and after many elements. Prints tables as Markdown.
 *
 * @since 0.1.0
 */
public final class LaneScale {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final KafkaProcess broker;

	private final Topics topics;

	private final Producer<byte[], byte[]> producer;

	private final LongAdder commits = new LongAdder();

	private final MillListener listener = new MillListener() {

		@Override
		public void committed(long nanos) {
			LaneScale.this.commits.increment();
		}

	};

	/** How often functions were called. */
	private final AtomicLong calls = new AtomicLong();

	private LaneScale(KafkaProcess broker, Topics topics, Producer<byte[], byte[]> producer) {
		this.broker = broker;
		this.topics = topics;
		this.producer = producer;
	}

	/**
	 * Measure.
	 * @param args {@code throughput elements lanes...}, {@code many lanes} or
	 * {@code start rounds elements...}
	 * @throws Exception if it does not work
	 */
	public static void main(String[] args) throws Exception {
		List<Integer> numbers = List.of(args)
			.stream()
			.skip(1)
			.map((arg) -> Integer.valueOf(arg.replace("_", "")))
			.toList();
		try (KafkaProcess broker = KafkaProcess.builder().jvmOptions().heap("2g").start();
				Topics topics = new Topics(broker.bootstrapServers());
				Producer<byte[], byte[]> producer = new KafkaProducer<>(
						Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
								ProducerConfig.LINGER_MS_CONFIG, 5, ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024),
						new ByteArraySerializer(), new ByteArraySerializer())) {
			LaneScale scale = new LaneScale(broker, topics, producer);
			switch (args[0]) {
				case "throughput" -> scale.throughput(numbers.get(0), numbers.subList(1, numbers.size()));
				case "many" -> scale.many(numbers.get(0));
				case "start" -> scale.start(numbers.get(0), numbers.subList(1, numbers.size()));
				default -> throw new IllegalArgumentException(args[0]);
			}
		}
	}

	private void create(String data, int lanes) {
		this.topics.create(data, lanes, Map.of("retention.ms", "-1"));
	}

	/**
	 * Add locations to each partition of a topic.
	 */
	private void fill(String data, int lanes, int from, int to) {
		for (int i = from; i < to; i++) {
			byte[] value = Robots.JSON.writeValueAsBytes(Inputs.location(i));
			for (int lane = 0; lane < lanes; lane++) {
				this.producer.send(new ProducerRecord<>(data, lane, null, value));
			}
			if (i == from) {
				// what a new topic refuses at first must not be overtaken by what follows
				this.producer.flush();
			}
		}
		this.producer.flush();
	}

	private void end(String data, int lanes) {
		IntStream.range(0, lanes)
			.forEach((lane) -> this.producer.send(new ProducerRecord<>(data, lane, null, Inputs.END)));
		this.producer.flush();
	}

	private Mill mill(String data, String output, Setting setting) {
		KafkaBroker kafka = KafkaBroker
			.builder(KafkaClients.of(Map.of("bootstrap.servers", this.broker.bootstrapServers())), Robots.JSON)
			.groupIdPrefix(output)
			.build();
		MillBuilder builder = Mill.builder("mill")
			.concurrency(setting.concurrency())
			.commitInterval(setting.commitInterval())
			.listener(this.listener);
		Input<Location> from = builder.from(stream("location", Location.class, data), kafka);
		JoinFirst<Location, Location> next = builder.join(from, stream("next-step", Location.class, data), kafka)
			.onLong((location) -> location.time() + Robots.STEP, Location::time)
			.first();
		return builder.process((delivery) -> {
			this.calls.incrementAndGet();
			Location location = delivery.get(from);
			Location step = delivery.get(next).get(location);
			return Robots.speed(location.robotId(), location.time(), location.x(), location.y(), step.x(), step.y());
		}).to(stream("speed", Speed.class, output), Speed.class, kafka).build();
	}

	private static <T> StreamDefinition<T> stream(String name, Class<T> type, String topic) {
		return new StreamDefinition<>(name, type, Map.of(KafkaBroker.TOPIC_PROPERTY, topic));
	}

	private void throughput(int elements, List<Integer> lanes) throws InterruptedException {
		int rounds = 5;
		List<Setting> settings = List.of(Setting.DEFAULT,
				new Setting(Runtime.getRuntime().availableProcessors(), Setting.DEFAULT.commitInterval()),
				new Setting(1, Duration.ofSeconds(1)));
		lanes.forEach((count) -> {
			create("locations-" + count, count);
			fill("locations-" + count, count, 0, elements / count);
			end("locations-" + count, count);
		});
		Took[][][] took = new Took[lanes.size()][settings.size()][rounds];
		// in turns, so that what else the machine does hits all alike; the first one
		// warms up
		for (int round = -1; round < rounds; round++) {
			for (int i = 0; i < lanes.size(); i++) {
				for (int j = 0; j < settings.size(); j++) {
					Took one = run(elements, lanes.get(i), settings.get(j));
					if (round >= 0) {
						took[i][j][round] = one;
					}
				}
			}
		}
		System.out.printf(Locale.ROOT, "Self-join of %,d elements altogether, medians of %d:%n%n", elements, rounds);
		System.out.println(
				"| lanes | setting | elements a second | ... at work | seconds | CPU seconds of the mill | ... of the broker | commits |");
		System.out.println("|---|---|---|---|---|---|---|---|");
		for (int i = 0; i < lanes.size(); i++) {
			for (int j = 0; j < settings.size(); j++) {
				double[] seconds = Stream.of(took[i][j]).mapToDouble(Took::seconds).toArray();
				double median = Statistics.median(seconds);
				System.out.printf(Locale.ROOT,
						"| %d | %s | %,.0f | %,.0f | %.2f (%.2f to %.2f) | %.2f | %.2f | %.0f |%n", lanes.get(i),
						settings.get(j), elements / median,
						Statistics.median(Stream.of(took[i][j]).mapToDouble(Took::atWork).toArray()), median,
						DoubleStream.of(seconds).min().orElse(0), Statistics.quantile(seconds, 1),
						Statistics.median(Stream.of(took[i][j]).mapToDouble(Took::cpu).toArray()),
						Statistics.median(Stream.of(took[i][j]).mapToDouble(Took::brokersCpu).toArray()),
						Statistics.median(Stream.of(took[i][j]).mapToDouble(Took::commits).toArray()));
			}
		}
	}

	/**
	 * Let a mill process all that there is. From its start to its end it is measured, and
	 * apart from both, from a tenth of the elements to nine tenths.
	 */
	private Took run(int elements, int lanes, Setting setting) throws InterruptedException {
		String output = "speeds-" + UUID.randomUUID();
		create(output, lanes);
		Mill mill = mill("locations-" + lanes, output, setting);
		this.calls.set(0);
		long cpu = PROCESS.getProcessCpuTime();
		double brokersCpu = brokersCpu();
		long commits = this.commits.sum();
		long start = System.nanoTime();
		mill.start();
		long tenth = elements / 10;
		await("results", () -> this.calls.get() >= tenth || mill.state() == MillState.FAILED);
		long from = this.calls.get();
		long begin = System.nanoTime();
		await("results", () -> this.calls.get() >= tenth * 9 || mill.state() == MillState.FAILED);
		double atWork = (this.calls.get() - from) * 1e9 / (System.nanoTime() - begin);
		if (!mill.awaitEnd(PATIENCE) || mill.state() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		Took took = new Took((System.nanoTime() - start) / 1e9, atWork, (PROCESS.getProcessCpuTime() - cpu) / 1e9,
				brokersCpu() - brokersCpu, this.commits.sum() - commits);
		this.topics.delete(output);
		System.err.printf(Locale.ROOT,
				"%d lanes, %s: %.2f s, %,.0f a second at work, %.2f s of CPU, %.2f of the broker's, %d commits; begins after %.2f s%n",
				lanes, setting, took.seconds(), took.atWork(), took.cpu(), took.brokersCpu(), took.commits(),
				(begin - start) / 1e9);
		return took;
	}

	/**
	 * The seconds of CPU that the broker has had, which shares the machine.
	 */
	private double brokersCpu() {
		return ProcessHandle.of(this.broker.pid())
			.flatMap((process) -> process.info().totalCpuDuration())
			.map((used) -> used.toNanos() / 1e9)
			.orElse(Double.NaN);
	}

	private void many(int lanes) throws Exception {
		int elements = 20;
		create("many", lanes);
		create("many-results", lanes);
		fill("many", lanes, 0, elements);
		System.out.println("| | seconds | heap after GC, MB | threads | clients | CPU at rest, % |");
		System.out.println("|---|---|---|---|---|---|");
		print("before", 0);
		long producers = plainProducers(lanes);
		System.out.printf(Locale.ROOT, "%d producers alone, of which each has a transactional id: %d KB each%n", lanes,
				producers / lanes / 1024);
		Mill mill = mill("many", "many-results", Setting.DEFAULT);
		long heap = heap();
		long start = System.nanoTime();
		mill.start();
		await("results", () -> this.calls.get() >= lanes * (elements - 1L) || mill.state() == MillState.FAILED);
		double seconds = (System.nanoTime() - start) / 1e9;
		awaitRest();
		print(lanes + " lanes that wait", seconds);
		System.out.printf(Locale.ROOT, "%d KB for each lane, clients and all; %s%n", (heap() - heap) / lanes / 1024,
				mill.status().phase());
		start = System.nanoTime();
		this.calls.set(0);
		long commits = this.commits.sum();
		fill("many", lanes, elements, elements + 1);
		await("results", () -> this.calls.get() >= lanes);
		await("commits", () -> this.commits.sum() - commits >= lanes);
		seconds = (System.nanoTime() - start) / 1e9;
		awaitRest();
		print("one element more for each", seconds);
		start = System.nanoTime();
		mill.stop();
		if (!mill.awaitEnd(PATIENCE)) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
		print("stopped", (System.nanoTime() - start) / 1e9);
	}

	/**
	 * Wait until nothing was committed for a while.
	 */
	private void awaitRest() {
		long commits = -1;
		while (commits != this.commits.sum()) {
			commits = this.commits.sum();
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
		}
	}

	/**
	 * What the clients cost that lanes can't do without.
	 */
	private long plainProducers(int count) throws Exception {
		long heap = heap();
		List<Producer<byte[], byte[]>> producers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Producer<byte[], byte[]> one = new KafkaProducer<>(
					Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, this.broker.bootstrapServers(),
							ProducerConfig.TRANSACTIONAL_ID_CONFIG, "plain-" + i),
					new ByteArraySerializer(), new ByteArraySerializer());
			one.initTransactions();
			producers.add(one);
		}
		print(count + " producers", 0);
		long used = heap() - heap;
		producers.forEach((one) -> one.close(Duration.ZERO));
		return used;
	}

	private static void print(String what, double seconds) throws Exception {
		long heap = heap();
		// the least of some, since compilers still run after what was done before
		double busy = IntStream.range(0, 5).mapToDouble((i) -> busy()).min().orElse(0);
		System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %d | %d | %.1f |%n", what, seconds, heap / 1024.0 / 1024,
				ManagementFactory.getThreadMXBean().getThreadCount(), clients(), busy);
	}

	/**
	 * How busy the process is for a while, in percent of one core.
	 */
	private static double busy() {
		long cpu = PROCESS.getProcessCpuTime();
		long start = System.nanoTime();
		LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
		return (PROCESS.getProcessCpuTime() - cpu) * 100.0 / (System.nanoTime() - start);
	}

	private static int clients() throws MalformedObjectNameException {
		return ManagementFactory.getPlatformMBeanServer()
			.queryNames(new ObjectName("kafka.*:type=app-info,*"), null)
			.size();
	}

	private static long heap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private void start(int rounds, List<Integer> elements) throws InterruptedException {
		System.out.println("| elements processed before | start to the first result, ms, median | worst |");
		System.out.println("|---|---|---|");
		List<Started> started = new ArrayList<>();
		for (int count : elements) {
			String data = "start-" + count;
			create(data, 1);
			create(data + "-results", 1);
			fill(data, 1, 0, count);
			Mill mill = mill(data, data + "-results", Setting.DEFAULT);
			long before = this.calls.get();
			mill.start();
			await("results", () -> this.calls.get() >= before + count - 1);
			stop(mill);
			started.add(new Started(data, mill, count, new double[rounds]));
		}
		for (int round = -5; round < rounds; round++) {
			for (Started one : started) {
				fill(one.data(), 1, one.elements() + round + 5, one.elements() + round + 6);
				long before = this.calls.get();
				long start = System.nanoTime();
				one.mill().start();
				await("a result", () -> this.calls.get() > before);
				if (round >= 0) {
					one.millis()[round] = (System.nanoTime() - start) / 1e6;
				}
				stop(one.mill());
			}
		}
		for (Started one : started) {
			System.out.printf(Locale.ROOT, "| %,d | %.1f | %.1f |%n", one.elements(), Statistics.median(one.millis()),
					Statistics.quantile(one.millis(), 1));
		}
	}

	private static void stop(Mill mill) throws InterruptedException {
		mill.stop();
		if (!mill.awaitEnd(PATIENCE)) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
	}

	private static void await(String what, BooleanSupplier condition) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("No " + what);
			}
			LockSupport.parkNanos(100_000);
		}
	}

	/**
	 * What a mill is told.
	 *
	 * @param concurrency how many lanes are at work at once
	 * @param commitInterval how often each lane commits
	 */
	private record Setting(int concurrency, Duration commitInterval) {

		static final Setting DEFAULT = new Setting(1, Duration.ofMillis(100));

		@Override
		public String toString() {
			return "concurrency " + this.concurrency + ", commit each " + this.commitInterval.toMillis() + " ms";
		}

	}

	/**
	 * What a run took.
	 *
	 * @param seconds how long it lasted
	 * @param atWork the elements a second between its start and its end
	 * @param cpu the seconds of CPU of the mill and its clients
	 * @param brokersCpu the seconds of CPU of the broker meanwhile
	 * @param commits how many commits there were
	 */
	private record Took(double seconds, double atWork, double cpu, double brokersCpu, long commits) {

	}

	/**
	 * A mill that is started again and again.
	 *
	 * @param data what it reads
	 * @param mill the mill
	 * @param elements how many elements it had passed before
	 * @param millis how long its starts took
	 */
	private record Started(String data, Mill mill, int elements, double[] millis) {

	}

}
