package dev.watermill.benchmarks.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How to compare.
 *
 * @param elements how many elements
 * @param rounds how often mills and loops run
 * @param streamsRounds how often Kafka Streams runs
 * @param warmUpSeconds how long each runs, at least, before it is measured
 * @param latencySeconds how long each measurement of latency takes, 0 for none
 * @param contestants the names of those who take part
 * @param other a class path of another build, whose mills take part, too
 * @param jvmOptions more options of the contestants' JVMs
 */
record Options(int elements, int rounds, int streamsRounds, int warmUpSeconds, int latencySeconds,
		Set<String> contestants, String other, List<String> jvmOptions) {

	private static final String DEFAULT_CONTESTANTS = "mill_one_type,mill_list,mill_two_types,loop,streams,"
			+ "mill_trips,loop_trips,streams_trips,mill_left,streams_left,streams_rocksdb_left";

	static Options parse(List<String> arguments) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			values.put((equals < 0) ? "elements" : argument.substring(0, equals), argument.substring(equals + 1));
		}
		Options options = new Options(number(values, "elements", 1_000_000), number(values, "rounds", 5),
				number(values, "streams-rounds", 2), number(values, "warm-up", 60), number(values, "latency", 25),
				Set.of(take(values, "contestants", DEFAULT_CONTESTANTS).toUpperCase(java.util.Locale.ROOT).split(",")),
				values.remove("other"),
				Stream.of(take(values, "jvm", "").split(" ")).filter((option) -> !option.isEmpty()).toList());
		if (!values.isEmpty()) {
			throw new IllegalArgumentException("Unknown options " + values.keySet());
		}
		return options;
	}

	private static int number(Map<String, String> values, String name, int otherwise) {
		return Integer.parseInt(take(values, name, String.valueOf(otherwise)).replace("_", ""));
	}

	private static String take(Map<String, String> values, String name, String otherwise) {
		String value = values.remove(name);
		return (value != null) ? value : otherwise;
	}

	List<Contestants> contestants(Workload workload) {
		return Stream.of(Contestants.values())
			.filter((contestant) -> contestant.workload() == workload && this.contestants.contains(contestant.name()))
			.toList();
	}

	int rounds(Contestants contestant) {
		return contestant.isStreams() ? this.streamsRounds : this.rounds;
	}

}
