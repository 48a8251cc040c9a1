package dev.watermill.benchmarks.kafka;

import dev.watermill.codec.StrictJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * What is joined, and how results are computed: the same for all contestants.
 */
final class Robots {

	/** How far two locations of a robot are apart, in seconds. */
	static final long STEP = 10;

	/** How many locations a trip has. */
	static final int LOCATIONS_OF_TRIP = 25;

	/** Reads and writes the elements, for all contestants. */
	static final JsonMapper JSON = StrictJson.of(JsonMapper.builder().addModule(new BlackbirdModule()).build());

	private Robots() {
	}

	static Speed speed(String robotId, long time, double fromX, double fromY, double toX, double toY) {
		return new Speed(robotId, time, rounded(distance(fromX, fromY, toX, toY) / STEP));
	}

	/**
	 * What is computed of a location and of what is of its time, {@code null} for
	 * nothing.
	 */
	static Speed speedIfKnown(Location from, NextStep to) {
		return (to != null) ? speed(from.robotId(), from.time(), from.x(), from.y(), to.x(), to.y())
				: new Speed(from.robotId(), from.time(), -1);
	}

	static Distance distance(Trip trip, TripLocation location) {
		return new Distance(trip.id(), location.time(),
				rounded(distance(trip.x(), trip.y(), location.x(), location.y())));
	}

	private static double distance(double fromX, double fromY, double toX, double toY) {
		double x = toX - fromX;
		double y = toY - fromY;
		return Math.sqrt(x * x + y * y);
	}

	private static double rounded(double value) {
		return Math.round(value * 1000) / 1000.0;
	}

	/**
	 * Where a robot was.
	 *
	 * @param robotId which one
	 * @param time when, in seconds
	 * @param x to the east, in metres
	 * @param y to the north, in metres
	 */
	record Location(String robotId, long time, double x, double y) {

	}

	/**
	 * The same as a type of its own.
	 *
	 * @param robotId which one
	 * @param time when, in seconds
	 * @param x to the east, in metres
	 * @param y to the north, in metres
	 */
	record NextStep(String robotId, long time, double x, double y) {

	}

	/**
	 * How fast a robot went.
	 *
	 * @param robotId which one
	 * @param time from when on, in seconds
	 * @param speed in metres a second
	 */
	record Speed(String robotId, long time, double speed) {

	}

	/**
	 * A trip of a robot.
	 *
	 * @param id which one
	 * @param robotId whose
	 * @param x where it begins, to the east
	 * @param y where it begins, to the north
	 */
	record Trip(long id, String robotId, double x, double y) {

	}

	/**
	 * Where a robot was on a trip.
	 *
	 * @param tripId on which
	 * @param time when, in seconds
	 * @param x to the east, in metres
	 * @param y to the north, in metres
	 */
	record TripLocation(long tripId, long time, double x, double y) {

	}

	/**
	 * How far a robot was from where its trip began.
	 *
	 * @param tripId on which trip
	 * @param time when, in seconds
	 * @param distance in metres
	 */
	record Distance(long tripId, long time, double distance) {

	}

}
