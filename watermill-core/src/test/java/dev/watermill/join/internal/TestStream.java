package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import dev.watermill.broker.Batch;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.codec.InvalidElement;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * A stream of numbers, each its own key, that does as a test says: how many are read at
 * once, what is there only if it is waited for, and when its broker fails.
 */
final class TestStream implements StreamSource<Object> {

	static final InvalidElement BAD = new InvalidElement("found '}'", new byte[] { '}' }, null);

	/** What is no element, and yet has a position. */
	static final Object GAP = new Object();

	/** A mark that is passed over, behind which another segment begins. */
	static final Object SEGMENT = new Object();

	/** What reads and opening throw before they do anything. */
	final Deque<RuntimeException> failures = new ArrayDeque<>();

	/** What was waited for, once for each read that waits. */
	final Deque<List<?>> arriving = new ArrayDeque<>();

	final List<@Nullable Position> opened = new ArrayList<>();

	final List<Position> committed = new ArrayList<>();

	final List<Duration> waits = new ArrayList<>();

	private final NodeCounters counters = new NodeCounters();

	final StreamAccount account = new StreamAccount(this.counters);

	int closed;

	private final List<Object> elements;

	private final int batchSize;

	private ErrorPolicy onBad = ErrorPolicy.SKIP;

	private ErrorPolicy onDisorder = ErrorPolicy.FAIL;

	private boolean ended = true;

	private boolean batch = true;

	/** Whether an empty answer does not say whether something is there. */
	private boolean unknown;

	private @Nullable RuntimeException verified;

	TestStream(int batchSize, Object... elements) {
		this.batchSize = batchSize;
		this.elements = new ArrayList<>(Arrays.asList(elements));
	}

	TestStream onBad(ErrorPolicy policy) {
		this.onBad = policy;
		return this;
	}

	TestStream onDisorder(ErrorPolicy policy) {
		this.onDisorder = policy;
		return this;
	}

	/**
	 * Let it go on, as a topic does.
	 */
	TestStream goesOn() {
		this.ended = false;
		this.batch = false;
		return this;
	}

	/**
	 * Let it not show its end yet.
	 */
	TestStream grows() {
		this.ended = false;
		return this;
	}

	TestStream silentAbout(boolean whatIsThere) {
		this.unknown = whatIsThere;
		return this;
	}

	TestStream arrives(Object... later) {
		this.arriving.add(List.of(later));
		return this;
	}

	void add(Object element) {
		this.elements.add(element);
	}

	void end() {
		this.ended = true;
	}

	void verifiesWith(RuntimeException failure) {
		this.verified = failure;
	}

	/**
	 * What was counted so far.
	 */
	NodeCounters counters() {
		this.counters.publish();
		return this.counters;
	}

	Cursor cursor(Waiting waiting) {
		return cursor(waiting, null);
	}

	Cursor cursor(Waiting waiting, Checkpoint.@Nullable Input from) {
		return new Cursor(node(), new LaneId("mill", 0), acceptance(), this.account, waiting, from);
	}

	PageReader reader(Waiting waiting) {
		return reader(waiting, new Checkpoint.Input(Position.empty(), Map.of()));
	}

	PageReader reader(Waiting waiting, Checkpoint.Input from) {
		return new PageReader(node(), new LaneId("mill", 0), acceptance(), this.counters, waiting, from);
	}

	Acceptance acceptance(KeyFunction<?>... keys) {
		List<KeyFunction<?>> expressions = (keys.length > 0) ? List.of(keys)
				: List.of(KeyFunction.<Integer>ofLong("x", (x) -> x));
		return new Acceptance(node(), new OrderedKeys(expressions), null);
	}

	JoinNode node() {
		return new JoinNode("s", this, -1, null, null, JoinNode.Take.ALL, this.onBad, this.onBad, this.onDisorder);
	}

	/**
	 * The position of an element, behind which keys up to one were accepted.
	 */
	static Checkpoint.Input at(int offset, @Nullable Integer lastKey) {
		return new Checkpoint.Input(Position.of("at", offset),
				(lastKey != null) ? Map.of("x", "l" + lastKey) : Map.of());
	}

	/**
	 * All elements in one batch.
	 */
	Batch<Object> all() {
		return new Slice(0, this.elements.size(), Batch.Status.OPEN, false);
	}

	@Override
	public String location() {
		return "s";
	}

	@Override
	public Object resource() {
		return this;
	}

	@Override
	public boolean isBatch() {
		return this.batch;
	}

	@Override
	public Position completed(Position position, boolean over) {
		return position.with("over", over ? 1 : 0);
	}

	@Override
	public StreamReader<Object> open(LaneId lane, @Nullable Position from) {
		fail();
		this.opened.add(from);
		return new Reader((from != null) ? (int) from.number("at") : 0);
	}

	private void fail() {
		RuntimeException failure = this.failures.poll();
		if (failure != null) {
			throw failure;
		}
	}

	private final class Reader implements StreamReader<Object> {

		private int at;

		Reader(int at) {
			this.at = at;
		}

		@Override
		public Batch<Object> read(Duration timeout) {
			TestStream stream = TestStream.this;
			stream.fail();
			if (!timeout.isZero()) {
				stream.waits.add(timeout);
				List<?> arrived = stream.arriving.poll();
				if (arrived != null) {
					stream.elements.addAll(arrived);
				}
			}
			boolean segment = isAt(SEGMENT);
			this.at += segment ? 1 : 0;
			int from = this.at;
			while (this.at < stream.elements.size() && this.at < from + stream.batchSize && !isAt(SEGMENT)
					&& !isAt(GAP)) {
				this.at++;
			}
			int size = this.at - from;
			if (size == 0 && isAt(GAP)) {
				this.at++;
				from++;
			}
			return new Slice(from, size, status(), segment);
		}

		private boolean isAt(Object what) {
			return this.at < TestStream.this.elements.size() && TestStream.this.elements.get(this.at) == what;
		}

		private Batch.Status status() {
			TestStream stream = TestStream.this;
			if (this.at < stream.elements.size() || stream.unknown) {
				return Batch.Status.OPEN;
			}
			return stream.ended ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP;
		}

		@Override
		public void verify() {
			if (TestStream.this.verified != null) {
				throw TestStream.this.verified;
			}
		}

		@Override
		public OptionalLong remaining() {
			return OptionalLong.of(TestStream.this.elements.size() - this.at);
		}

		@Override
		public void committed(Position position) {
			TestStream.this.committed.add(position);
		}

		@Override
		public void close() {
			TestStream.this.closed++;
		}

	}

	private final class Slice implements Batch<Object> {

		private final int from;

		private final int size;

		private final Status status;

		private final boolean segmentStart;

		Slice(int from, int size, Status status, boolean segmentStart) {
			this.segmentStart = segmentStart;
			this.from = from;
			this.size = size;
			this.status = status;
		}

		@Override
		public int size() {
			return this.size;
		}

		@Override
		public Object element(int index) {
			return TestStream.this.elements.get(this.from + index);
		}

		@Override
		public Position position(int index) {
			return Position.of("at", this.from + index);
		}

		@Override
		public String origin(int index) {
			return "s[" + (this.from + index) + "]";
		}

		@Override
		public ElementMetadata metadata(int index) {
			return new ElementMetadata(null, Map.of(), 0, this.from + index);
		}

		@Override
		public boolean isSegmentStart() {
			return this.segmentStart;
		}

		@Override
		public Status status() {
			return this.status;
		}

	}

}
