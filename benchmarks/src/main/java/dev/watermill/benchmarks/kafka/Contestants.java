package dev.watermill.benchmarks.kafka;

import java.util.function.Supplier;

/**
 * Who takes part.
 */
enum Contestants {

	/** A self-join whose sides have the same Java type, first match. */
	MILL_ONE_TYPE("mill, one type", Workload.SELF_JOIN, () -> new MillContestant(MillContestant.Variant.ONE_TYPE)),

	/** The same with the list of all matches. */
	MILL_LIST("mill, one type, list", Workload.SELF_JOIN,
			() -> new MillContestant(MillContestant.Variant.ONE_TYPE_LIST)),

	/** A self-join of two Java types, first match. */
	MILL_TWO_TYPES("mill, two types", Workload.SELF_JOIN, () -> new MillContestant(MillContestant.Variant.TWO_TYPES)),

	/** A loop over two consumers. */
	LOOP("hand-written loop", Workload.SELF_JOIN, HandWrittenLoop::new),

	/** Kafka Streams with stores in memory. */
	STREAMS("Kafka Streams", Workload.SELF_JOIN, () -> new StreamsContestant(false)),

	/** Kafka Streams with RocksDB. */
	STREAMS_ROCKSDB("Kafka Streams, RocksDB", Workload.SELF_JOIN, () -> new StreamsContestant(true)),

	/** A join of parents with 25 children each. */
	MILL_TRIPS("mill", Workload.ONE_TO_25, () -> new MillContestant(MillContestant.Variant.TRIPS)),

	/** A loop over two consumers. */
	LOOP_TRIPS("hand-written loop", Workload.ONE_TO_25, HandWrittenLoop::new),

	/** Kafka Streams with stores in memory. */
	STREAMS_TRIPS("Kafka Streams", Workload.ONE_TO_25, () -> new StreamsContestant(false)),

	/** Kafka Streams with RocksDB. */
	STREAMS_ROCKSDB_TRIPS("Kafka Streams, RocksDB", Workload.ONE_TO_25, () -> new StreamsContestant(true)),

	/** A join in which every other element has a match. */
	MILL_LEFT("mill", Workload.LEFT_JOIN, () -> new MillContestant(MillContestant.Variant.LEFT)),

	/** Kafka Streams with stores in memory. */
	STREAMS_LEFT("Kafka Streams", Workload.LEFT_JOIN, () -> new StreamsContestant(false)),

	/** Kafka Streams with RocksDB. */
	STREAMS_ROCKSDB_LEFT("Kafka Streams, RocksDB", Workload.LEFT_JOIN, () -> new StreamsContestant(true));

	private final String title;

	private final Workload workload;

	private final Supplier<Contestant> contestant;

	Contestants(String title, Workload workload, Supplier<Contestant> contestant) {
		this.title = title;
		this.workload = workload;
		this.contestant = contestant;
	}

	String title() {
		return this.title;
	}

	Workload workload() {
		return this.workload;
	}

	Contestant create() {
		return this.contestant.get();
	}

	boolean isMill() {
		return name().startsWith("MILL");
	}

	boolean isLoop() {
		return name().startsWith("LOOP");
	}

	boolean isStreams() {
		return name().startsWith("STREAMS");
	}

}
