package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.watermill.broker.Batch;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.count.internal.ReorderCounters;
import dev.watermill.join.ArrivalPolicy;
import dev.watermill.join.JoinNode;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Elements as they arrive, in batches of random sizes, and what comes of them.
 */
final class Arriving implements StreamSource<Object> {

	private final List<?> elements;

	private final Random random;

	/** Behind which of them a mark was passed. */
	private final List<Integer> marks;

	/** Whether it shows its end. */
	private final boolean ends;

	final ReorderCounters counters = new ReorderCounters();

	Arriving(List<?> elements, Random random, boolean ends, Integer... marks) {
		this.elements = elements;
		this.random = random;
		this.ends = ends;
		this.marks = List.of(marks);
	}

	/**
	 * What comes out.
	 */
	Out read(ArrivalPolicy policy, @Nullable Position from, KeyFunction<?>... keys) {
		JoinNode node = new JoinNode("s", this, -1, null, null, JoinNode.Take.ALL, ErrorPolicy.SKIP, ErrorPolicy.SKIP,
				ErrorPolicy.SKIP)
			.arrivingBy(policy);
		Out out = new Out();
		try (StreamReader<?> reader = new Arrivals(node, List.of(keys), this.counters).open(new LaneId("mill", 0),
				from)) {
			while (out.last == null || out.last.status() == Batch.Status.OPEN) {
				out.add(reader.read(Duration.ZERO));
			}
			if (out.last.status() == Batch.Status.CAUGHT_UP && reader instanceof HoldingReader holding) {
				out.end = out.last.position(out.last.size());
				holding.release().forEach(out::add);
			}
			return out;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
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
	public StreamReader<Object> open(LaneId lane, @Nullable Position from) {
		return new Reader((from != null) ? (int) from.number("at") : 0, from != null && from.has("behindMark"));
	}

	private final class Reader implements StreamReader<Object> {

		private int at;

		private boolean behindMark;

		Reader(int at, boolean behindMark) {
			this.at = at;
			this.behindMark = behindMark;
		}

		@Override
		public Batch<Object> read(Duration timeout) {
			Arriving of = Arriving.this;
			int from = this.at;
			int most = from + of.random.nextInt(6);
			boolean behind = of.marks.contains(from) && most > from;
			boolean segment = behind && !this.behindMark;
			while (this.at < Math.min(most, of.elements.size()) && (this.at == from || !of.marks.contains(this.at))) {
				this.at++;
			}
			boolean end = this.at == of.elements.size() && of.random.nextBoolean();
			this.behindMark &= this.at == from;
			return new Slice(from, this.at, behind, segment,
					!end ? Batch.Status.OPEN : of.ends ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP);
		}

		@Override
		public void close() {
		}

	}

	private final class Slice implements Batch<Object> {

		private final int from;

		private final int to;

		private final boolean behindMark;

		private final boolean segment;

		private final Status status;

		Slice(int from, int to, boolean behindMark, boolean segment, Status status) {
			this.from = from;
			this.to = to;
			this.behindMark = behindMark;
			this.segment = segment;
			this.status = status;
		}

		@Override
		public int size() {
			return this.to - this.from;
		}

		@Override
		public Object element(int index) {
			return Arriving.this.elements.get(this.from + index);
		}

		@Override
		public Position position(int index) {
			Position position = Position.of("at", this.from + index);
			// fields come and go, as those of brokers do
			position = ((this.from + index) % 3 == 0) ? position.with("third", "yes") : position;
			return (index == 0 && this.behindMark) ? position.with("behindMark", 1) : position;
		}

		@Override
		public boolean isBefore(int index, Position position) {
			return this.from + index < position.number("at");
		}

		@Override
		public long number(int index) {
			return this.from + index;
		}

		@Override
		public String origin(int index) {
			return "s[" + (this.from + index) + "]";
		}

		@Override
		public Batch<Object> alone(int index) {
			int at = this.from + index;
			return new Alone<>(element(index), position(index), position(index + 1), origin(index), null, null,
					(position) -> at < position.number("at"), at);
		}

		@Override
		public boolean isSegmentStart() {
			return this.segment;
		}

		@Override
		public Status status() {
			return this.status;
		}

	}

	/**
	 * What came out, each element with where it was read and where it is taken up again.
	 */
	static final class Out {

		final List<Object> elements = new ArrayList<>();

		final List<String> origins = new ArrayList<>();

		final List<Position> positions = new ArrayList<>();

		final List<Batch<?>> batches = new ArrayList<>();

		final List<Integer> indexes = new ArrayList<>();

		final List<End> ends = new ArrayList<>();

		@Nullable Batch<?> last;

		/** Where it is taken up behind all, before what is held is let go. */
		@Nullable Position end;

		void add(Batch<?> batch) {
			for (int i = 0; i < batch.size(); i++) {
				this.elements.add(batch.element(i));
				this.origins.add(batch.origin(i));
				this.positions.add(Position.parse(batch.position(i).toString()));
				this.batches.add(batch);
				this.indexes.add(i);
			}
			this.last = batch;
			this.ends.add(new End(this.elements.size(), Position.parse(batch.position(batch.size()).toString())));
		}

		/**
		 * A place where it can be taken up, be it the end of a batch, of an empty one
		 * too.
		 */
		End random(Random random) {
			boolean end = this.positions.isEmpty() || random.nextInt(3) == 0;
			int place = end ? 0 : random.nextInt(this.positions.size());
			return end ? this.ends.get(random.nextInt(this.ends.size())) : new End(place, this.positions.get(place));
		}

		/**
		 * A place where it can be taken up.
		 *
		 * @param taken how many elements came out before it
		 * @param position where it is taken up again
		 */
		record End(int taken, Position position) {

		}

	}

}
