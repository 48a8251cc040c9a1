package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Broker;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a tree, which get a few elements now and then: once whoever reads them
 * waits for one of them and has nothing else to do. All from one seed, on the thread that
 * reads, and by a clock that stands still while nobody waits.
 */
final class SilentStreams implements Broker {

	/** How long one and the same stream is waited for until there is no more to do. */
	private static final long PATIENCE = Duration.ofMillis(50).toNanos();

	private final Map<String, Growing> streams = new LinkedHashMap<>();

	private final Random random;

	private final AtomicLong ticks;

	private final boolean crashing;

	private final String master;

	/** Who waits, and how long that has been in vain. */
	private @Nullable Reader<?> waiting;

	private long inVain;

	private boolean crashed;

	/**
	 * Create streams of which nothing is there.
	 * @param ticks the clock that time passes on while somebody waits
	 * @param crashing whether some of the waits for the master end in a crash: all that
	 * was read of it has been delivered then, or waits for nobody else
	 */
	SilentStreams(RandomTree tree, AtomicLong ticks, boolean crashing) {
		tree.streams().forEach((name, elements) -> this.streams.put(name, new Growing(elements)));
		this.random = new Random(tree.seed);
		this.ticks = ticks;
		this.crashing = crashing;
		this.master = tree.nodes.get(0).name;
	}

	/**
	 * Whether the last run ended in a crash.
	 */
	boolean hasCrashed() {
		boolean has = this.crashed;
		this.crashed = false;
		return has;
	}

	private void waitsInVain(Reader<?> reader, Duration timeout) {
		this.ticks.addAndGet(timeout.toNanos());
		this.inVain = ((this.waiting == reader) ? this.inVain : 0) + timeout.toNanos();
		this.waiting = reader;
		if (this.inVain < PATIENCE) {
			return;
		}
		this.inVain = 0;
		boolean crashes = this.random.nextBoolean();
		List<Growing> open = this.streams.values().stream().filter((stream) -> !stream.ended).toList();
		for (int i = 1 + this.random.nextInt(3); i > 0; i--) {
			// parents are ahead of their children, whose elements come late
			open.get(Math.min(this.random.nextInt(open.size()), this.random.nextInt(open.size()))).grow();
		}
		if (crashes && this.crashing && reader.name.startsWith(this.master)) {
			this.crashed = true;
			throw new Crash();
		}
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		Growing stream = this.streams.get(definition.name());
		return new StreamSource<>() {

			@Override
			public String location() {
				return definition.name();
			}

			@Override
			public Object resource() {
				return stream;
			}

			@Override
			public StreamReader<T> open(LaneId lane, @Nullable Position from) {
				return new Reader<>(definition.name(), stream, (from != null) ? (int) from.number("at") : 0);
			}

		};
	}

	/**
	 * A stream of which a part is there.
	 */
	private static final class Growing {

		private final List<Object> elements;

		private int size;

		private boolean ended;

		Growing(List<Object> elements) {
			this.elements = new ArrayList<>(elements);
		}

		void grow() {
			this.ended = this.size == this.elements.size();
			this.size += this.ended ? 0 : 1;
		}

	}

	private final class Reader<T> implements StreamReader<T> {

		private final String name;

		private final Growing stream;

		private int at;

		Reader(String name, Growing stream, int at) {
			this.name = name;
			this.stream = stream;
			this.at = at;
		}

		@Override
		public Batch<T> read(Duration timeout) {
			if (this.at == this.stream.size && !this.stream.ended && !timeout.isZero()) {
				waitsInVain(this, timeout);
			}
			int from = this.at;
			this.at = this.stream.size;
			return new Slice<>(this.name, this.stream.elements, from, this.at,
					this.stream.ended ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP);
		}

		@Override
		public void close() {
		}

	}

}
