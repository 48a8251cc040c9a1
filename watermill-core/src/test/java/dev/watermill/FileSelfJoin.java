package dev.watermill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;

import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.StrictJson;
import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.RetryPolicy;
import tools.jackson.databind.json.JsonMapper;

/**
 * Joins a file of locations with itself into another file, as a process that can be
 * killed. Prints the state in which it ended.
 */
public final class FileSelfJoin {

	private FileSelfJoin() {
	}

	public static void main(String[] args) {
		Path locations = Path.of(args[0]);
		Path speeds = Path.of(args[1]);
		Duration commitInterval = Duration.ofMillis(Long.parseLong(args[2]));
		long nanos = Long.parseLong(args[3]);
		Mill mill = (nanos < 0) ? later(locations, speeds, commitInterval)
				: mill(locations, speeds, commitInterval, nanos);
		System.out.println(mill.run());
		if (mill.status().lastError() != null) {
			System.out.println(mill.status().lastError().message());
		}
	}

	/**
	 * Make a mill whose function answers later, after some milliseconds, and fails now
	 * and then.
	 */
	private static Mill later(Path locations, Path speeds, Duration commitInterval) {
		Random random = new Random();
		return build(locations, speeds, commitInterval,
				(builder, function) -> builder
					.retry(new RetryPolicy(Integer.MAX_VALUE - 1, Duration.ofMillis(1), Duration.ofMillis(1)))
					.processLater((delivery) -> CompletableFuture.supplyAsync(() -> {
						if (random.nextInt(100) == 0) {
							throw new IllegalStateException("now and then");
						}
						return function.apply(delivery);
					}, CompletableFuture.delayedExecutor(random.nextInt(10_000), TimeUnit.MICROSECONDS))));
	}

	/**
	 * Make the mill.
	 * @param locations the input
	 * @param speeds the output
	 * @param commitInterval how often to commit
	 * @param nanos how long the function takes
	 */
	static Mill mill(Path locations, Path speeds, Duration commitInterval, long nanos) {
		return build(locations, speeds, commitInterval, (builder, function) -> builder.process((delivery) -> {
			spend(nanos);
			return function.apply(delivery);
		}));
	}

	private static Mill build(Path locations, Path speeds, Duration commitInterval,
			BiConsumer<MillBuilder, Function<Delivery, Speed>> processing) {
		JsonFileBroker files = JsonFileBroker.builder(StrictJson.of(new JsonMapper())).build();
		MillBuilder builder = Mill.builder("file-self-join").commitInterval(commitInterval);
		Input<Location> from = builder.from(file("location", Location.class, locations), files);
		JoinMany<Location, NextStep> next = builder.join(from, file("next-step", NextStep.class, locations), files)
			.onLong((location) -> location.time() + 10, NextStep::time)
			.many();
		processing.accept(builder, (delivery) -> {
			Location location = delivery.get(from);
			NextStep step = delivery.get(next).get(location).get(0);
			return new Speed(location.time(), Math.hypot(step.x() - location.x(), step.y() - location.y()) / 10);
		});
		builder.to(file("speed", Speed.class, speeds), Speed.class, files);
		return builder.build();
	}

	private static void spend(long nanos) {
		long end = System.nanoTime() + nanos;
		while (nanos > 0 && System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static <T> StreamDefinition<T> file(String stream, Class<T> type, Path path) {
		return new StreamDefinition<>(stream, type, Map.of(JsonFileBroker.FILE_PROPERTY, path.toString()));
	}

	record Location(long time, double x, double y) {

	}

	record NextStep(long time, double x, double y) {

	}

	record Speed(long time, double speed) {

	}

}
