package dev.watermill.broker.kafka;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;

/**
 * Joins a topic with itself, of which only the first element matches, as a process with a
 * small heap: what comes behind is passed on the child's side, while one of the parent is
 * held, and then on the parent's. The two sides have a type each, so they share no fetch.
 * Prints how much of the heap was alive at most, and the state in which each mill ended.
 */
public final class SparseTopic {

	private static final long NEVER = Long.MAX_VALUE;

	/** How many elements are read between two measurements. */
	private static final int BETWEEN = 10_000;

	private static long read;

	private static long mostAlive;

	private SparseTopic() {
	}

	public static void main(String[] args) {
		KafkaBroker broker = new Cluster(args[0]).broker(args[1]);
		for (String passed : new String[] { "child", "parent" }) {
			MillBuilder builder = Mill.builder("passes-" + passed);
			Input<Parent> parent = builder.from(Cluster.topic("parent", Parent.class, args[2]), broker);
			JoinMany<Parent, Child> child = builder.join(parent, Cluster.topic("child", Child.class, args[2]), broker)
				.onLong((element) -> key(element.time(), passed.equals("child")),
						(element) -> key(element.time(), passed.equals("parent")))
				.many();
			builder.forEach((delivery) -> {
				if (delivery.get(parent).time() != 0 || delivery.get(child).size() != 1) {
					throw new IllegalStateException("not what was expected");
				}
			});
			Mill mill = builder.build();
			MillState state = mill.run();
			System.out.println("alive at most: " + mostAlive + " MB of " + (Runtime.getRuntime().maxMemory() >> 20)
					+ " MB, " + mill.counters().inputs().get(passed).read().get() + " elements passed");
			System.out.println((mill.status().lastError() != null) ? mill.status().lastError().message() : state);
		}
		System.exit(0);
	}

	private static long key(long time, boolean jumps) {
		if (++read % BETWEEN == 0) {
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			mostAlive = Math.max(mostAlive, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
		}
		return (jumps && time > 0) ? NEVER : time;
	}

	record Parent(long time, String load) {

	}

	record Child(long time, String load) {

	}

}
