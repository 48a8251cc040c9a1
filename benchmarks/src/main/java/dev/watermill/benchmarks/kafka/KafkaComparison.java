package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.watermill.kafka.fixture.KafkaProcess;
import dev.watermill.kafka.fixture.Topics;

/**
 * Compares mills on Kafka topics with a hand-written loop and with Kafka Streams, all
 * exactly once with a commit each 100 ms: on one broker, side by side, each in a JVM of
 * its own, taking turns. Prints tables as Markdown.
 *
 * @since 0.1.0
 */
public final class KafkaComparison {

	private final Options options;

	private final KafkaProcess broker;

	private final Topics topics;

	private int runs;

	private KafkaComparison(Options options, KafkaProcess broker, Topics topics) {
		this.options = options;
		this.broker = broker;
		this.topics = topics;
	}

	/**
	 * Run the comparison.
	 * @param args how many elements, by default a million, and options as
	 * {@code name=value}: see {@link Options}
	 */
	public static void main(String[] args) {
		Options options = Options.parse(List.of(args));
		try (KafkaProcess broker = KafkaProcess.builder().jvmOptions().heap("1g").start();
				Topics topics = new Topics(broker.bootstrapServers())) {
			KafkaComparison comparison = new KafkaComparison(options, broker, topics);
			for (Workload workload : Workload.values()) {
				comparison.throughput(workload);
			}
			if (options.latencySeconds() > 0) {
				new LatencyComparison(options, broker.bootstrapServers(), topics).run();
			}
		}
	}

	private void throughput(Workload workload) {
		List<Contestants> contestants = this.options.contestants(workload);
		if (contestants.isEmpty()) {
			return;
		}
		int few = Math.max(1000, this.options.elements() / 4 / 25 * 25);
		String bootstrapServers = this.broker.bootstrapServers();
		Results warmUp = Inputs.fill(bootstrapServers, this.topics, workload, "few", few);
		Results expected = Inputs.fill(bootstrapServers, this.topics, workload, "all", this.options.elements());
		List<Competitor> competitors = new ArrayList<>();
		try {
			for (Contestants contestant : contestants) {
				competitors.add(new Competitor(contestant, contestant.title(), this.options.rounds(contestant),
						worker(contestant, System.getProperty("java.class.path"))));
				if (contestant.isMill() && this.options.other() != null) {
					competitors.add(new Competitor(contestant, contestant.title() + " (other)",
							this.options.rounds(contestant), worker(contestant, this.options.other())));
				}
			}
			for (Competitor competitor : competitors) {
				warmUp(competitor, new Task(workload, "few", few, "", ""), warmUp);
			}
			int rounds = competitors.stream().mapToInt(Competitor::rounds).max().orElse(0);
			for (int round = 0; round < rounds; round++) {
				for (int i = 0; i < competitors.size(); i++) {
					Competitor competitor = competitors.get((round + i) % competitors.size());
					if (competitor.runs().size() < competitor.rounds()) {
						Run run = run(competitor, new Task(workload, "all", this.options.elements(), "", ""), expected);
						competitor.runs().add(run);
						System.err.printf(Locale.ROOT,
								"%s, %s: %.2f s (%.2f s CPU, broker %.2f s), %.2f s between results%n",
								workload.title(), competitor.title(), run.seconds(), run.cpu(), run.brokerCpu(),
								run.steady());
					}
				}
			}
		}
		finally {
			competitors.forEach((competitor) -> competitor.worker().close());
		}
		print(workload, competitors);
	}

	/**
	 * Run one for so long that its code and the broker's is compiled: whoever is fast
	 * needs more runs for that.
	 */
	private void warmUp(Competitor competitor, Task task, Results expected) {
		long begin = System.nanoTime();
		for (int i = 0; i < 4 || System.nanoTime() - begin < this.options.warmUpSeconds() * 1_000_000_000L; i++) {
			run(competitor, task, expected);
		}
	}

	private WorkerProcess worker(Contestants contestant, String classPath) {
		return new WorkerProcess(contestant, this.broker.bootstrapServers(), classPath, this.options.jvmOptions());
	}

	private Run run(Competitor competitor, Task task, Results expected) {
		String id = "run-" + (++this.runs);
		String output = "results-of-" + id;
		this.topics.create(output, 1, Map.of("message.timestamp.type", "LogAppendTime"));
		Duration before = brokerCpu();
		competitor.worker().begin(new Task(task.workload(), task.data(), task.elements(), output, id));
		WorkerProcess.Cost cost = competitor.worker().end();
		Duration after = brokerCpu();
		Results results = Results.read(this.broker.bootstrapServers(), output);
		if (task.workload() == Workload.LEFT_JOIN && competitor.contestant().isStreams()) {
			// which delivers what lacks a match when the window is over
			expected.requireSameInAnyOrder(results, competitor.title());
		}
		else {
			expected.requireSame(results, competitor.title());
		}
		this.topics.delete(output);
		return new Run(cost.nanos() / 1e9, cost.cpuNanos() / 1e9, after.minus(before).toNanos() / 1e9,
				results.duration().toNanos() / 1e9);
	}

	private Duration brokerCpu() {
		return ProcessHandle.of(this.broker.pid())
			.flatMap((process) -> process.info().totalCpuDuration())
			.orElse(Duration.ZERO);
	}

	private void print(Workload workload, List<Competitor> competitors) {
		Competitor loop = first(competitors, Contestants::isLoop);
		Competitor streams = first(competitors, Contestants::isStreams);
		System.out.printf(Locale.ROOT, "%n%s of %,d elements, medians:%n%n", workload.title(), this.options.elements());
		System.out.println("| | elements a second | seconds | the same, first to last result | to the loop "
				+ "| to Streams | CPU seconds | the broker's |");
		System.out.println("|---|---|---|---|---|---|---|---|");
		for (Competitor competitor : competitors) {
			Run run = competitor.median();
			System.out.printf(Locale.ROOT, "| %s | %,.0f | %.2f (%.2f to %.2f) | %.2f | %s | %s | %.2f | %.2f |%n",
					competitor.title(), this.options.elements() / run.seconds(), run.seconds(),
					competitor.runs().stream().mapToDouble(Run::seconds).min().orElse(0),
					competitor.runs().stream().mapToDouble(Run::seconds).max().orElse(0), run.steady(),
					ratio(loop, run), ratio(streams, run), run.cpu(), run.brokerCpu());
		}
	}

	private static Competitor first(List<Competitor> competitors, java.util.function.Predicate<Contestants> kind) {
		return competitors.stream().filter((each) -> kind.test(each.contestant())).findFirst().orElse(null);
	}

	private static String ratio(Competitor other, Run run) {
		return (other != null) ? String.format(Locale.ROOT, "%.2f", other.median().seconds() / run.seconds()) : "";
	}

	/**
	 * A contestant with its process and its runs.
	 *
	 * @param contestant who
	 * @param title the name for people
	 * @param rounds how often it runs
	 * @param worker the process
	 * @param runs what was measured
	 */
	private record Competitor(Contestants contestant, String title, int rounds, WorkerProcess worker, List<Run> runs) {

		Competitor(Contestants contestant, String title, int rounds, WorkerProcess worker) {
			this(contestant, title, rounds, worker, new ArrayList<>());
		}

		Run median() {
			return new Run(median(Run::seconds), median(Run::cpu), median(Run::brokerCpu), median(Run::steady));
		}

		private double median(java.util.function.ToDoubleFunction<Run> value) {
			return Statistics.median(this.runs.stream().mapToDouble(value).toArray());
		}

	}

	/**
	 * What was measured of one run.
	 *
	 * @param seconds from the making of the clients to the last commit
	 * @param cpu the CPU time of the contestant
	 * @param brokerCpu that of the broker
	 * @param steady from the first result's batch to the last one's
	 */
	private record Run(double seconds, double cpu, double brokerCpu, double steady) {

	}

}
