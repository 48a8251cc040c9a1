package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The input topics of a mill with several lanes, which are filled bit by bit, all lanes
 * alike.
 */
final class LaneInputs {

	private static final int CHUNK = 10_000;

	private final Cluster cluster;

	private final MillSetup setup;

	private final List<String> streams;

	private int lanes;

	private long elements;

	LaneInputs(Cluster cluster, MillSetup setup, int lanes) {
		this.cluster = cluster;
		this.setup = setup;
		this.lanes = lanes;
		this.streams = setup.shape()
			.inputs()
			.stream()
			.filter((stream) -> setup.shape().place(stream).equals(stream))
			.toList();
	}

	/**
	 * Create the topics that are read.
	 */
	LaneInputs create() {
		this.streams.forEach((stream) -> this.cluster.topics().create(this.setup.topic(stream), this.lanes));
		return this;
	}

	int lanes() {
		return this.lanes;
	}

	/**
	 * How many results are due from each lane.
	 */
	long results() {
		return this.setup.coming(this.setup.shape().results(this.elements));
	}

	/**
	 * How many elements each lane has, altogether in all topics.
	 */
	long elements() {
		return this.elements;
	}

	/**
	 * Add elements to each lane.
	 * @param more how many, altogether in all topics of a lane
	 */
	LaneInputs add(long more) {
		fill(0, this.lanes, this.elements, this.elements + more);
		this.elements += more;
		return this;
	}

	private void fill(int fromLane, int toLane, long from, long to) {
		for (String stream : this.streams) {
			MillShape shape = this.setup.shape();
			IntStream.range(fromLane, toLane).forEach((lane) -> {
				long end = shape.size(stream, to);
				for (long start = shape.size(stream, from); start < end; start += CHUNK) {
					this.cluster.sendValues(this.setup.topic(stream), lane,
							LongStream.range(start, Math.min(start + CHUNK, end))
								.boxed()
								.flatMap((i) -> this.setup.values(lane, stream, i, Long.MAX_VALUE))
								.map((value) -> value.getBytes(StandardCharsets.UTF_8))
								.toList());
				}
			});
		}
	}

	/**
	 * Give the topics more partitions, with as many elements as the others have.
	 */
	void grow(int partitions) {
		this.streams.forEach((stream) -> this.cluster.grow(this.setup.topic(stream), partitions));
		fill(this.lanes, partitions, 0, this.elements);
		this.lanes = partitions;
	}

	/**
	 * Set the marks.
	 */
	void end() {
		this.streams.forEach((stream) -> IntStream.range(0, this.lanes)
			.forEach((lane) -> this.cluster.sendValues(this.setup.topic(stream), lane,
					List.of(Cluster.END.getBytes()))));
	}

}
