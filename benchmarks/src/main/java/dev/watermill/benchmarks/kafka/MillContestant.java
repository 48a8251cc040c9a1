package dev.watermill.benchmarks.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.benchmarks.kafka.Robots.Distance;
import dev.watermill.benchmarks.kafka.Robots.Location;
import dev.watermill.benchmarks.kafka.Robots.NextStep;
import dev.watermill.benchmarks.kafka.Robots.Speed;
import dev.watermill.benchmarks.kafka.Robots.Trip;
import dev.watermill.benchmarks.kafka.Robots.TripLocation;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.kafka.KafkaBroker;
import dev.watermill.broker.kafka.KafkaClients;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import dev.watermill.delivery.JoinMany;
import dev.watermill.delivery.JoinOptional;
import dev.watermill.engine.MillState;

/**
 * The mill, built as a user builds it.
 */
class MillContestant implements Contestant {

	private final Variant variant;

	MillContestant(Variant variant) {
		this.variant = variant;
	}

	@Override
	public void run(String bootstrapServers, Task task, Runnable ready) {
		KafkaBroker broker = KafkaBroker
			.builder(KafkaClients.of(Map.of("bootstrap.servers", bootstrapServers)), Robots.JSON)
			.groupIdPrefix(task.id())
			.build();
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(Task.COMMIT_INTERVAL));
		switch (this.variant) {
			case ONE_TYPE -> oneType(builder, task, broker);
			case ONE_TYPE_LIST -> oneTypeList(builder, task, broker);
			case TWO_TYPES -> twoTypes(builder, task, broker);
			case TRIPS -> trips(builder, task, broker);
			case LEFT -> left(builder, task, broker);
		}
		Mill mill = builder.build();
		ready.run();
		if (mill.run() != MillState.COMPLETED) {
			throw new IllegalStateException(String.valueOf(mill.status()));
		}
	}

	private static void oneType(MillBuilder builder, Task task, KafkaBroker broker) {
		Input<Location> from = builder.from(stream("location", Location.class, task.topic("location")), broker);
		JoinFirst<Location, Location> next = builder
			.join(from, stream("next-step", Location.class, task.topic("location")), broker)
			.onLong((location) -> location.time() + Robots.STEP, Location::time)
			.first();
		builder.process((delivery) -> {
			Location location = delivery.get(from);
			Location step = delivery.get(next).get(location);
			return Robots.speed(location.robotId(), location.time(), location.x(), location.y(), step.x(), step.y());
		}).to(stream("speed", Speed.class, task.output()), Speed.class, broker);
	}

	private static void oneTypeList(MillBuilder builder, Task task, KafkaBroker broker) {
		Input<Location> from = builder.from(stream("location", Location.class, task.topic("location")), broker);
		JoinMany<Location, Location> next = builder
			.join(from, stream("next-step", Location.class, task.topic("location")), broker)
			.onLong((location) -> location.time() + Robots.STEP, Location::time)
			.many();
		builder.process((delivery) -> {
			Location location = delivery.get(from);
			Location step = delivery.get(next).get(location).get(0);
			return Robots.speed(location.robotId(), location.time(), location.x(), location.y(), step.x(), step.y());
		}).to(stream("speed", Speed.class, task.output()), Speed.class, broker);
	}

	private static void twoTypes(MillBuilder builder, Task task, KafkaBroker broker) {
		Input<Location> from = builder.from(stream("location", Location.class, task.topic("location")), broker);
		JoinFirst<Location, NextStep> next = builder
			.join(from, stream("next-step", NextStep.class, task.topic("location")), broker)
			.onLong((location) -> location.time() + Robots.STEP, NextStep::time)
			.first();
		builder.process((delivery) -> {
			Location location = delivery.get(from);
			NextStep step = delivery.get(next).get(location);
			return Robots.speed(location.robotId(), location.time(), location.x(), location.y(), step.x(), step.y());
		}).to(stream("speed", Speed.class, task.output()), Speed.class, broker);
	}

	private static void left(MillBuilder builder, Task task, KafkaBroker broker) {
		Input<Location> left = builder.from(stream("left", Location.class, task.topic("left")), broker);
		JoinOptional<Location, NextStep> right = builder
			.join(left, stream("right", NextStep.class, task.topic("right")), broker)
			.onLong(Location::time, NextStep::time)
			.optional()
			.first();
		builder.process((delivery) -> Robots.speedIfKnown(delivery.get(left), delivery.match(right).orElse(null)))
			.to(stream("speed", Speed.class, task.output()), Speed.class, broker);
	}

	private static void trips(MillBuilder builder, Task task, KafkaBroker broker) {
		Input<Trip> trips = builder.from(stream("trip", Trip.class, task.topic("trip")), broker);
		JoinMany<Trip, TripLocation> locations = builder
			.join(trips, stream("trip-location", TripLocation.class, task.topic("trip-location")), broker)
			.onLong(Trip::id, TripLocation::tripId)
			.many();
		builder.processAll((delivery) -> {
			Trip trip = delivery.get(trips);
			List<Distance> distances = new ArrayList<>();
			for (TripLocation location : delivery.get(locations).get(trip)) {
				distances.add(Robots.distance(trip, location));
			}
			return distances;
		}).to(stream("distance", Distance.class, task.output()), Distance.class, broker);
	}

	private static <T> StreamDefinition<T> stream(String name, Class<T> type, String topic) {
		return new StreamDefinition<>(name, type, Map.of(KafkaBroker.TOPIC_PROPERTY, topic));
	}

	/**
	 * What is joined how.
	 */
	enum Variant {

		/** A self-join of one type, first match. */
		ONE_TYPE,

		/** A self-join of one type, all matches. */
		ONE_TYPE_LIST,

		/** A self-join of two types, first match. */
		TWO_TYPES,

		/** Trips with their locations. */
		TRIPS,

		/** A left join, first match. */
		LEFT

	}

}
