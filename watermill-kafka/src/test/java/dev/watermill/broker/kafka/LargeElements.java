package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;

/**
 * Joins a topic of large elements with itself, slower than it can be fetched, as a
 * process with a small heap. The two sides have a type each, so they share no fetch.
 */
public final class LargeElements {

	static final int COUNT = 25_000;

	private LargeElements() {
	}

	public static void main(String[] args) {
		Cluster cluster = new Cluster(args[0]);
		KafkaBroker broker = cluster.broker(args[1]);
		MillBuilder builder = Mill.builder("mill");
		Input<Item> parent = builder.from(Cluster.topic("parent", Item.class, args[2]), broker);
		JoinMany<Item, Other> child = builder.join(parent, Cluster.topic("child", Other.class, args[2]), broker)
			.onLong(Item::time, Other::time)
			.many();
		builder.forEach((delivery) -> {
			if (delivery.get(child).size() != 1) {
				throw new IllegalStateException("not what was expected");
			}
			// work that takes its time
			LockSupport.parkNanos(Duration.ofNanos(1000).toNanos());
		});
		Mill mill = builder.build();
		MillState state = mill.run();
		System.out.println((mill.status().lastError() != null) ? mill.status().lastError().message() : state);
		System.exit(0);
	}

	record Item(long time, String load) {

	}

	record Other(long time, String load) {

	}

}
