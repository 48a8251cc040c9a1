package dev.watermill.join.internal;

import java.util.Arrays;
import java.util.Objects;

import dev.watermill.broker.Batch;
import dev.watermill.key.internal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Elements that wait for their turn. Those that are read at once are sorted, and are a
 * {@linkplain KeyRun run} then; whenever some are due, these are the beginnings of the
 * runs, which are merged.
 *
 * <pre>
 *            due | not yet
 *   run 1   2 3 5 | 8 9 12        what was read first
 *   run 2     4 7 | 10
 *   run 3       6 | 11 13 14      what was read last
 * </pre>
 *
 * A run is merged with the next one as soon as it is not twice as long. So there are log2
 * n of them, and each element is merged as often at most.
 * <p>
 * <b>Memory</b>: elements, and what was read with them, as long as less than twice as
 * many as are allowed to wait came behind it; what waits longer is noted down by itself.
 * Used by one thread.
 */
final class ReorderBuffer {

	/** Stands where no run does, so that none is held that is gone. */
	private static final KeyRun NONE = new KeyRun(new long[0], new long[0], 0, 0);

	private final ArrivalKey key;

	private final boolean primitive;

	/** How many may wait. */
	private final int most;

	private final KeyRuns merger;

	private KeyRun[] runs = new KeyRun[8];

	private int count;

	/** How many of the first of each run are due. */
	private int[] due = new int[8];

	/** What came since, as it came. */
	private long[] freshKeys = {};

	private long[] freshRefs = {};

	private int fresh;

	private int size;

	/** What was read, by its id; those ids that are free lead to the next one. */
	private @Nullable ReorderSource[] sources = new ReorderSource[8];

	private int[] free = new int[8];

	private int freeCount;

	private int ids;

	/** How many elements were read up to now. */
	private long read;

	private @Nullable ReorderSource oldest;

	/** The oldest one of which not each element was noted down by itself. */
	private @Nullable ReorderSource whole;

	private @Nullable ReorderSource youngest;

	/**
	 * Create a buffer.
	 * @param key the key of the order
	 * @param most how many elements may wait
	 */
	ReorderBuffer(ArrivalKey key, int most) {
		this.key = key;
		this.primitive = key.isPrimitive();
		this.most = most;
		this.merger = new KeyRuns(this.primitive ? null : new KeysOfEqualRank());
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	/**
	 * Begin with what was read.
	 * @param elements its elements, which are this buffer's then
	 */
	ReorderSource begin(Batch<?> batch, @Nullable Object[] elements) {
		int id = (this.freeCount > 0) ? this.free[--this.freeCount] : this.ids++;
		if (id == this.sources.length) {
			this.sources = Arrays.copyOf(this.sources, 2 * id);
			this.free = Arrays.copyOf(this.free, 2 * id);
		}
		ReorderSource source = new ReorderSource(id, this.read, batch, elements, this.primitive);
		this.sources[id] = source;
		this.read += elements.length;
		source.before = this.youngest;
		if (this.youngest != null) {
			this.youngest.behind = source;
		}
		this.youngest = source;
		this.oldest = (this.oldest != null) ? this.oldest : source;
		this.whole = (this.whole != null) ? this.whole : source;
		if (this.freshKeys.length < elements.length) {
			this.freshKeys = new long[elements.length];
			this.freshRefs = new long[elements.length];
		}
		return source;
	}

	/**
	 * Be done with what was read last, for now.
	 */
	void end() {
		ReorderSource last = this.youngest;
		if (last != null && last.waiting == 0) {
			unlink(last);
		}
		ReorderSource first = this.whole;
		while (first != null && this.read - first.number > 2L * this.most + first.size()) {
			first.note();
			first = first.behind;
			this.whole = first;
		}
	}

	private void unlink(ReorderSource source) {
		ReorderSource left = source.before;
		ReorderSource right = source.behind;
		this.oldest = (source == this.oldest) ? right : this.oldest;
		this.whole = (source == this.whole) ? right : this.whole;
		this.youngest = (source == this.youngest) ? left : this.youngest;
		if (left != null) {
			left.behind = right;
		}
		if (right != null) {
			right.before = left;
		}
		this.sources[source.id] = null;
		this.free[this.freeCount++] = source.id;
	}

	/**
	 * Add an element of what was read last.
	 * @param rank the rank of its key
	 * @param key the key, {@code null} if the rank is all of it
	 */
	void add(ReorderSource source, int index, long rank, @Nullable Object key) {
		if (key != null) {
			source.keep(index, key);
		}
		source.waiting++;
		this.freshKeys[this.fresh] = rank;
		this.freshRefs[this.fresh++] = ((long) source.id << Integer.SIZE) | index;
		this.size++;
	}

	/**
	 * The key of what waits, {@code null} if its rank is all of it.
	 */
	private @Nullable Object key(long ref) {
		return source(ref).key((int) ref);
	}

	private ReorderSource source(long ref) {
		return Objects.requireNonNull(this.sources[(int) (ref >>> Integer.SIZE)]);
	}

	/**
	 * Move all that are due to a batch that is made.
	 * @param reached up to which key elements are due, {@code null} for all of them
	 * @param read up to which index of what was read last elements are in it by then
	 * @param passed is set to the key of the last one
	 */
	void moveDue(@Nullable KeyMark reached, ReorderedBatch.Builder made, int read, KeyMark passed) {
		pushFresh();
		int found = 0;
		int last = 0;
		for (int i = 0; i < this.count; i++) {
			this.due[i] = (reached != null) ? countDue(this.runs[i], reached) : this.runs[i].size();
			if (this.due[i] > 0) {
				found++;
				last = i;
			}
		}
		if (found > 0) {
			KeyRun merged = (found > 1) ? this.merger.merge(this.runs, this.due, this.count) : this.runs[last];
			int end = (found > 1) ? merged.to : merged.from + this.due[last];
			passed.set(merged.keys[end - 1], key(merged.refs[end - 1]));
			move(merged, end, made, read);
		}
		settle();
	}

	/**
	 * Put what came in order, as the last run, which does not own its room.
	 */
	private void pushFresh() {
		if (this.fresh == 0) {
			return;
		}
		this.merger.sort(this.freshKeys, this.freshRefs, this.fresh);
		if (this.count == this.runs.length) {
			this.runs = Arrays.copyOf(this.runs, 2 * this.count);
			this.due = Arrays.copyOf(this.due, 2 * this.count);
		}
		this.runs[this.count++] = new KeyRun(this.freshKeys, this.freshRefs, 0, this.fresh);
		this.fresh = 0;
	}

	private int countDue(KeyRun run, KeyMark reached) {
		if (!isDue(run, run.from, reached)) {
			return 0;
		}
		int low = run.from + 1;
		int high = run.to;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (isDue(run, middle, reached)) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low - run.from;
	}

	private boolean isDue(KeyRun run, int index, KeyMark reached) {
		long ref = run.refs[index];
		return reached.measureBehind(run.keys[index], () -> Objects.requireNonNull(key(ref))) >= 0;
	}

	private void move(KeyRun run, int end, ReorderedBatch.Builder made, int read) {
		for (int i = run.from; i < end; i++) {
			long ref = run.refs[i];
			ReorderSource source = source(ref);
			source.move((int) ref, made, read);
			if (source.waiting == 0 && source != this.youngest) {
				unlink(source);
			}
		}
		this.size -= end - run.from;
	}

	/**
	 * Take leave of those that went, and let each run that is left be twice as long as
	 * the next one.
	 */
	private void settle() {
		int kept = 0;
		for (int i = 0; i < this.count; i++) {
			KeyRun run = this.runs[i];
			run.from += this.due[i];
			if (run.size() > 0) {
				boolean borrowed = run.keys == this.freshKeys;
				this.runs[kept++] = (borrowed || run.isSparse()) ? run.copy() : run;
			}
		}
		Arrays.fill(this.runs, kept, this.count, NONE);
		while (kept > 1 && this.runs[kept - 2].size() < 2 * this.runs[kept - 1].size()) {
			this.runs[kept - 2] = this.merger.merge(this.runs[kept - 2], this.runs[kept - 1]);
			this.runs[--kept] = NONE;
		}
		this.count = kept;
	}

	/**
	 * The normal form of the least key.
	 */
	Object least() {
		Object least = null;
		for (int i = 0; i < this.count; i++) {
			KeyRun run = this.runs[i];
			Object normal = this.primitive ? this.key.decode(run.keys[run.from])
					: Objects.requireNonNull(key(run.refs[run.from]));
			least = (least == null || Keys.compare(normal, least) < 0) ? normal : least;
		}
		return Objects.requireNonNull(least);
	}

	/**
	 * Where the oldest element stands, {@code null} if there is none.
	 */
	ReorderedBatch.@Nullable Place oldest() {
		return (this.oldest != null) ? this.oldest.oldest() : null;
	}

	/**
	 * Keys that are objects, of which several can have one rank.
	 */
	private final class KeysOfEqualRank implements KeyRuns.Ties {

		@Override
		public boolean isExact(long rank) {
			return ReorderBuffer.this.key.meter().isExact(rank);
		}

		@Override
		public int compare(long ref, long other) {
			return Keys.compare(Objects.requireNonNull(key(ref)), Objects.requireNonNull(key(other)));
		}

	}

}
