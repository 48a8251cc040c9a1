package dev.watermill.benchmarks.kafka;

import java.util.List;
import java.util.Map;

import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
import dev.watermill.benchmarks.kafka.Robots.Trip;
import dev.watermill.benchmarks.kafka.Robots.TripLocation;
import dev.watermill.kafka.fixture.Topics;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Makes the elements, fills the input topics and knows which results are right.
 */
final class Inputs {

	/** The mark of the end of a stream, which Kafka Streams does not know. */
	static final byte[] END = "{\"eos__\": true}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

	private static final List<String> SELF_JOIN = List.of("location", "location-by-next", "location-by-time");

	private static final List<String> ONE_TO_25 = List.of("trip", "trip-location", "trip-by-id", "trip-location-by-id");

	private static final List<String> LEFT_JOIN = List.of("left", "right", "left-by-time", "right-by-time");

	private final String data;

	private final int elements;

	/**
	 * The last record is of now: brokers delete what is old, and refuse what is to come.
	 */
	private final long begin;

	/** Why a record could not be written. */
	private volatile Exception refused;

	/** The same for all records, since each keeps it until it is written. */
	private final Callback written = (metadata, ex) -> {
		if (ex != null) {
			this.refused = ex;
		}
	};

	private Inputs(String data, int elements) {
		this.data = data;
		this.elements = elements;
		this.begin = System.currentTimeMillis() - elements * Robots.STEP;
	}

	/**
	 * Create the topics of a workload and fill them.
	 * @return the results that are right
	 */
	static Results fill(String bootstrapServers, Topics topics, Workload workload, String data, int elements) {
		create(topics, workload, data);
		Inputs inputs = new Inputs(data, elements);
		try (KafkaProducer<Long, byte[]> producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.LINGER_MS_CONFIG, 5,
						ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024),
				new LongSerializer(), new ByteArraySerializer())) {
			Results expected = switch (workload) {
				case SELF_JOIN -> inputs.locations(producer);
				case ONE_TO_25 -> inputs.trips(producer);
				case LEFT_JOIN -> inputs.leftAndRight(producer);
			};
			producer.flush();
			if (inputs.refused != null) {
				throw new IllegalStateException("not all could be written", inputs.refused);
			}
			return expected;
		}
	}

	static void create(Topics topics, Workload workload, String data) {
		List<String> streams = switch (workload) {
			case SELF_JOIN -> SELF_JOIN;
			case ONE_TO_25 -> ONE_TO_25;
			case LEFT_JOIN -> LEFT_JOIN;
		};
		streams.forEach((stream) -> topics.create(Task.topic(data, stream), 1, Map.of("retention.ms", "-1")));
	}

	static Location location(int index) {
		double angle = index * 0.1;
		double radius = 55 * StrictMath.cos(angle * 0.7);
		return new Location("robot-1", index * Robots.STEP, rounded(radius * StrictMath.cos(angle)),
				rounded(radius * StrictMath.sin(angle)));
	}

	private static double rounded(double value) {
		return Math.round(value * 100) / 100.0;
	}

	private Results locations(Producer<Long, byte[]> producer) {
		Results expected = new Results();
		Location last = null;
		for (int i = 0; i < this.elements; i++) {
			Location location = location(i);
			byte[] value = Robots.JSON.writeValueAsBytes(location);
			send(producer, "location", location.time(), null, value);
			send(producer, "location-by-next", location.time(), location.time() + Robots.STEP, value);
			send(producer, "location-by-time", location.time(), location.time(), value);
			if (last != null) {
				expected.add(Robots.JSON.writeValueAsBytes(
						Robots.speed(last.robotId(), last.time(), last.x(), last.y(), location.x(), location.y())));
			}
			last = location;
		}
		send(producer, "location", last.time(), null, END);
		return expected;
	}

	/**
	 * Whether an element has a match in a left join.
	 */
	static boolean isMatched(int index) {
		return index % 2 == 0;
	}

	/**
	 * What an element matches in a left join, {@code null} if nothing.
	 */
	static NextStep match(Location location, int index) {
		return isMatched(index) ? new NextStep(location.robotId(), location.time(), location.y(), location.x()) : null;
	}

	private Results leftAndRight(Producer<Long, byte[]> producer) {
		Results expected = new Results();
		for (int i = 0; i < this.elements; i++) {
			Location location = location(i);
			byte[] value = Robots.JSON.writeValueAsBytes(location);
			send(producer, "left", location.time(), null, value);
			send(producer, "left-by-time", location.time(), location.time(), value);
			NextStep step = match(location, i);
			if (step != null) {
				byte[] right = Robots.JSON.writeValueAsBytes(step);
				send(producer, "right", location.time(), null, right);
				send(producer, "right-by-time", location.time(), location.time(), right);
			}
			expected.add(Robots.JSON.writeValueAsBytes(Robots.speedIfKnown(location, step)));
		}
		send(producer, "left", 0, null, END);
		send(producer, "right", 0, null, END);
		return expected;
	}

	private Results trips(Producer<Long, byte[]> producer) {
		Results expected = new Results();
		Trip trip = null;
		for (int i = 0; i < this.elements; i++) {
			Location location = location(i);
			if (i % Robots.LOCATIONS_OF_TRIP == 0) {
				trip = new Trip(i / Robots.LOCATIONS_OF_TRIP, location.robotId(), location.x(), location.y());
				byte[] value = Robots.JSON.writeValueAsBytes(trip);
				send(producer, "trip", location.time(), null, value);
				send(producer, "trip-by-id", location.time(), trip.id(), value);
			}
			TripLocation child = new TripLocation(trip.id(), location.time(), location.x(), location.y());
			byte[] value = Robots.JSON.writeValueAsBytes(child);
			send(producer, "trip-location", location.time(), null, value);
			send(producer, "trip-location-by-id", location.time(), child.tripId(), value);
			expected.add(Robots.JSON.writeValueAsBytes(Robots.distance(trip, child)));
		}
		send(producer, "trip", 0, null, END);
		send(producer, "trip-location", 0, null, END);
		return expected;
	}

	private void send(Producer<Long, byte[]> producer, String stream, long time, Long key, byte[] value) {
		producer.send(new ProducerRecord<>(Task.topic(this.data, stream), 0, this.begin + time, key, value),
				this.written);
	}

}
