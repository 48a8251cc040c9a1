package dev.watermill.broker.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dead letters of a mill with several lanes, all of which have to be there once, in
 * the order of their stream and in the partition of their lane.
 */
final class LaneLetters {

	private static final String FAILED = " failed";

	private final MillSetup setup;

	private final LaneInputs inputs;

	/** The values by partition, and by stream and whether it was the function. */
	private final Map<Integer, Map<String, List<String>>> letters = new HashMap<>();

	LaneLetters(Cluster cluster, MillSetup setup, LaneInputs inputs) {
		this.setup = setup;
		this.inputs = inputs;
		setup.shape().inputs().stream().map(setup::deadLetterTopic).distinct().forEach((topic) -> {
			for (int lane = 0; lane < inputs.lanes(); lane++) {
				cluster.awaitEndOfTransactions(topic, lane);
			}
			cluster.topics().read(topic).forEach(this::add);
		});
	}

	private void add(ConsumerRecord<String, String> letter) {
		assertThat(ByteBuffer.wrap(letter.headers().lastHeader("kafka_dlt-original-partition").value()).getInt())
			.isEqualTo(letter.partition());
		String kind = header(letter, "watermill-stream")
				+ (header(letter, "watermill-reason").equals("failed") ? FAILED : "");
		this.letters.computeIfAbsent(letter.partition(), (partition) -> new HashMap<>())
			.computeIfAbsent(kind, (key) -> new ArrayList<>())
			.add(letter.value());
	}

	private static String header(ConsumerRecord<?, ?> letter, String name) {
		return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
	}

	/**
	 * Fail if one is missing, doubled, or not where it belongs.
	 * @return how many there are
	 */
	long assertComplete() {
		for (int lane = 0; lane < this.inputs.lanes(); lane++) {
			Map<String, List<String>> found = this.letters.getOrDefault(lane, Map.of());
			for (String stream : this.setup.shape().inputs()) {
				List<String> bad = bad(stream).toList();
				List<String> written = found.getOrDefault(stream, List.of());
				// the merge ends before the last of a stream that nothing can match
				assertThat(written.size()).as("dead letters of %s in partition %d", stream, lane)
					.isBetween(bad.size() - 2, bad.size());
				assertThat(written).as("dead letters of %s in partition %d", stream, lane)
					.isEqualTo(bad.subList(0, written.size()));
			}
			assertThat(found.getOrDefault(this.setup.shape().master() + FAILED, List.of()))
				.as("deliveries that failed in lane %d", lane)
				.isEqualTo(failed(lane).toList());
		}
		return this.letters.values()
			.stream()
			.flatMap((partition) -> partition.values().stream())
			.mapToLong(List::size)
			.sum();
	}

	private Stream<String> bad(String stream) {
		return LongStream.range(0, this.setup.shape().size(stream, this.inputs.elements()))
			.filter((i) -> this.setup.isBadBehind(stream, i, Long.MAX_VALUE))
			.mapToObj((i) -> this.setup.badBehind(this.setup.shape().place(stream), i));
	}

	private Stream<String> failed(int lane) {
		MillShape shape = this.setup.shape();
		return this.setup.failed(shape.results(this.inputs.elements()))
			.flatMap(shape::elementsOfMaster)
			.mapToObj((i) -> Cluster.JSON.writeValueAsString(shape.element(lane, shape.master(), i)));
	}

}
