package dev.watermill.benchmarks.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.Topics;

/**
 * Measures how long partitions stand still when one of three instances stops, is killed,
 * or when all are restarted one after another: mills beside Kafka Streams, on the same
 * topics, exactly once. Prints a table as Markdown; the settings are those of
 * {@link HandOverContestant}.
 *
 * @since 0.1.0
 */
public final class HandOverComparison {

	private static final int INSTANCES = 3;

	private final Map<String, String> options;

	private final KafkaProcess broker;

	private final Topics topics;

	private final int partitions;

	private HandOverComparison(Map<String, String> options, KafkaProcess broker, Topics topics) {
		this.options = options;
		this.broker = broker;
		this.topics = topics;
		this.partitions = option("partitions", 12);
	}

	/**
	 * Run the comparison.
	 * @param args options as {@code name=value}: {@code contestants}, {@code partitions}
	 * and how often there are {@code stops}, {@code kills} and {@code rolling} restarts
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws InterruptedException {
		Map<String, String> options = new HashMap<>();
		Stream.of(args).map((arg) -> arg.split("=", 2)).forEach((pair) -> options.put(pair[0], pair[1]));
		KafkaProcess.Builder builder = KafkaProcess.builder().jvmOptions().heap("1g");
		HandOverContestant.brokerProperties().forEach(builder::property);
		try (KafkaProcess broker = builder.start(); Topics topics = new Topics(broker.bootstrapServers())) {
			HandOverComparison comparison = new HandOverComparison(options, broker, topics);
			System.out.printf("%d partitions, %d instances; milliseconds, median and worst:%n%n", comparison.partitions,
					INSTANCES);
			System.out.println("| | clean stop | kill -9 | longest silence in a rolling restart "
					+ "| results missing, out of order |");
			System.out.println("|---|---|---|---|---|");
			for (String name : options.getOrDefault("contestants", "mill,mill_consumer,streams,streams_protocol")
				.split(",")) {
				comparison.measure(HandOverContestant.valueOf(name.toUpperCase(Locale.ROOT)));
			}
		}
	}

	private int option(String name, int otherwise) {
		return Integer.parseInt(this.options.getOrDefault(name, String.valueOf(otherwise)));
	}

	private void measure(HandOverContestant contestant) throws InterruptedException {
		String id = "hand-over-" + contestant.name().toLowerCase(Locale.ROOT).replace('_', '-');
		String output = "results-of-" + id;
		this.topics.create(output, this.partitions);
		List<HandOverInstance> instances = IntStream.range(0, INSTANCES)
			.mapToObj((i) -> new HandOverInstance(contestant, this.broker.bootstrapServers(), id, id, output,
					"instance-" + i))
			.toList();
		try (HandOverFeed feed = new HandOverFeed(this.broker.bootstrapServers(), this.topics, id, this.partitions);
				HandOverWatcher watcher = new HandOverWatcher(this.broker.bootstrapServers(), output,
						this.partitions)) {
			instances.forEach(HandOverInstance::start);
			watcher.awaitCalm(HandOverInstance.names(instances));
			double[] stops = handOvers(instances, watcher, option("stops", 50), HandOverInstance::stop);
			double[] kills = handOvers(instances, watcher, option("kills", 50), HandOverInstance::kill);
			double[] silences = rollingRestarts(instances, watcher, option("rolling", 10));
			System.out.printf(Locale.ROOT, "| %s | %s | %s | %s | %s |%n", contestant.title(), text(stops), text(kills),
					text(silences), watcher.faults());
		}
		finally {
			instances.forEach(HandOverInstance::close);
		}
	}

	private static String text(double[] millis) {
		return (millis.length == 0) ? ""
				: String.format(Locale.ROOT, "%.0f, %.0f", Statistics.median(millis), Statistics.quantile(millis, 1));
	}

	private double[] handOvers(List<HandOverInstance> instances, HandOverWatcher watcher, int rounds,
			java.util.function.Consumer<HandOverInstance> end) throws InterruptedException {
		List<Double> millis = new ArrayList<>();
		for (int round = 0; round < rounds; round++) {
			HandOverInstance instance = instances.stream()
				.max(Comparator.comparingInt((one) -> watcher.partitionsOf(one.name()).length))
				.orElseThrow();
			int[] partitions = watcher.partitionsOf(instance.name());
			long start = System.nanoTime();
			end.accept(instance);
			millis.add((watcher.awaitMoved(partitions, instance.name()) - start) / 1e6);
			System.err.printf(Locale.ROOT, "%s: %.0f ms%n", instance.name(), millis.get(round));
			instance.awaitEnd();
			instance.start();
			watcher.awaitCalm(HandOverInstance.names(instances));
		}
		return millis.stream().mapToDouble(Double::doubleValue).toArray();
	}

	private double[] rollingRestarts(List<HandOverInstance> instances, HandOverWatcher watcher, int rounds)
			throws InterruptedException {
		double[] millis = new double[rounds];
		for (int round = 0; round < rounds; round++) {
			watcher.forgetSilence();
			for (HandOverInstance instance : instances) {
				instance.stop();
				instance.awaitEnd();
				instance.start();
				watcher.awaitCalm(HandOverInstance.names(instances));
			}
			millis[round] = watcher.longestSilence() / 1e6;
			System.err.printf(Locale.ROOT, "rolling restart: %.0f ms%n", millis[round]);
		}
		return millis;
	}

}
