package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StartFrom;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.key.internal.Keys;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream whose partitions are merged: makes pages of elements in the order of their
 * keys, equal keys in the order of the partitions, out of pages of the partitions, which
 * are accepted one by one. So each key is computed once, and what is wrong with an
 * element is found, named and treated as in any other stream.
 * <p>
 * <b>Precondition</b>: the keys of each partition never decrease, which is checked.
 * <b>Output</b>: nothing of what comes next is known while a partition has nothing to
 * show and is not over: it holds all others back. A partition that has passed a mark
 * waits for the others to pass as many. <b>Memory</b>: a page of each partition, and one
 * that is merged. What is rejected comes right behind the element of its partition that
 * was before it.
 */
final class MergedPages implements Pages {

	/** How many elements of one partition behind another a page has at most. */
	static final int LARGEST_PAGE = 2048;

	private static final Logger logger = LoggerFactory.getLogger(MergedPages.class);

	private final JoinNode node;

	private final LaneId lane;

	private final Acceptance acceptance;

	private final SharedKinds kinds;

	private final NodeCounters counters;

	private final LateElements late;

	private final Waiting waiting;

	private final Checkpoint.Input from;

	private volatile List<MergedPartition> partitions = List.of();

	private @Nullable PageMaker maker;

	/** What was made last. */
	private Page last;

	private int segment;

	/** The keys of the first element. */
	private @Nullable Object[] firstKeys;

	private volatile @Nullable MergedPartition heldBackBy;

	MergedPages(JoinNode node, LaneId lane, Acceptance acceptance, NodeCounters counters, Waiting waiting,
			Checkpoint.Input from) {
		this.node = node;
		this.lane = lane;
		this.acceptance = acceptance;
		this.kinds = acceptance.newKinds();
		this.counters = counters;
		this.late = new LateElements(node.stream(), counters);
		this.waiting = waiting;
		this.from = from;
		this.last = Page.before(from, acceptance.keys().ordered());
		this.firstKeys = acceptance.keys().ordered().none();
	}

	@Override
	public void open() {
		for (int unanswered = 1; this.partitions.isEmpty(); unanswered++) {
			try {
				this.partitions = findPartitions();
				this.maker = new PageMaker(this.acceptance.keys(), this.partitions);
				if (unanswered > 1) {
					this.waiting.available(this.node.stream());
				}
			}
			catch (BrokerUnavailableException ex) {
				this.waiting.unavailable(this.node.stream(), ex, unanswered);
			}
			catch (BrokerException ex) {
				throw Connection.failure(this.node.stream(), ex);
			}
		}
		this.partitions.forEach(MergedPartition::open);
	}

	private List<MergedPartition> findPartitions() {
		MergedSource<?> source = this.node.source().merged().orElseThrow();
		List<? extends MergedSource.Partition<?>> sources = source.partitionSources();
		MergedSource.Parts parts = MergedSource.Parts.of(this.from.position());
		boolean numbered = sources.isEmpty() || sources.get(0).name() == null;
		if (sources.isEmpty() || (numbered && sources.size() < parts.size())) {
			throw new BrokerException("The " + source.location() + " has " + sources.size() + " partitions, but "
					+ parts.size() + " of them were read until now. Reset the mill to begin at the start.");
		}
		List<MergedPartition> found = new ArrayList<>();
		for (int i = 0; i < sources.size(); i++) {
			MergedSource.Partition<?> one = sources.get(i);
			int at = parts.find(one.name(), i);
			boolean isNew = at < 0 || parts.position(at).equals(Position.empty());
			Position start = isNew ? one.source().start(this.lane, new StartFrom.Earliest()) : parts.position(at);
			if (isNew && parts.size() > 0) {
				logger.info("Mill '{}': {} is new. It is merged from its start on; what stands there behind keys that "
						+ "were passed already is out of order", this.lane.mill(), one.source().location());
			}
			found.add(partition(i, one, start, !isNew && parts.isOver(at), isNew ? 0 : parts.ahead(at)));
		}
		checkWhatIsGone(source, parts, found);
		return List.copyOf(found);
	}

	private void checkWhatIsGone(MergedSource<?> source, MergedSource.Parts parts, List<MergedPartition> found) {
		for (int i = 0; i < parts.size(); i++) {
			String name = parts.name(i);
			if (name != null && found.stream().noneMatch((partition) -> name.equals(partition.name()))) {
				if (!parts.isOver(i) && !source.mayGo(parts.position(i))) {
					throw new BrokerException("The " + source.location() + " has no " + name + " any more, which was "
							+ "merged with the others, and not to its end. Restore it, or reset the mill to begin at "
							+ "the start.");
				}
			}
		}
	}

	/**
	 * Keys of elements that are to come are not before the last one of all that was
	 * passed, but for those behind a mark.
	 */
	private MergedPartition partition(int number, MergedSource.Partition<?> partition, Position start, boolean done,
			int ahead) {
		Map<String, String> lastKeys = (ahead == 0) ? this.from.lastKeys() : Map.of();
		PageReader reader = new PageReader(this.node.readFrom(partition.source()), this.lane,
				this.acceptance.ofPartition(this.kinds, partition.name(), number), this.counters, this.late,
				this.waiting, new Checkpoint.Input(start, lastKeys));
		return new MergedPartition(number, partition, reader, this.acceptance.failsOnDisorder(), done, ahead);
	}

	@Override
	public void verify() {
		this.partitions.forEach((partition) -> partition.reader().verify());
	}

	@Override
	public Page last() {
		return this.last;
	}

	@Override
	public Page read(Duration timeout) {
		return timeout.isZero() ? make(null, timeout) : await(timeout);
	}

	@Override
	public Page await(Duration timeout) {
		open();
		for (MergedPartition partition : this.partitions) {
			if (partition.isLacking() && isOfThisSegment(partition)) {
				partition.await(timeout);
				return make(partition, timeout);
			}
		}
		return make(null, Duration.ZERO);
	}

	private boolean isOfThisSegment(MergedPartition partition) {
		return partition.segment() <= this.segment;
	}

	/**
	 * Make the next page of what is there.
	 * @param awaited the partition that was waited for, {@code null} if none was
	 * @param waited how long
	 */
	private Page make(@Nullable MergedPartition awaited, Duration waited) {
		open();
		PageMaker made = this.maker;
		if (made == null) {
			throw new IllegalStateException("The partitions are not known");
		}
		this.partitions.forEach(MergedPartition::goOnAfterSilence);
		boolean silent = awaited == null || awaited.isLacking();
		for (MergedPartition partition : this.partitions) {
			if (partition.isLacking() && partition != awaited) {
				partition.readOn();
				if (silent && !waited.isZero() && partition.isLacking() && isOfThisSegment(partition)) {
					partition.reader().silentFor(waited);
				}
			}
			if (partition.isLacking() && !this.kinds.areKnown()) {
				// whose keys come first must not depend on who is read first
				break;
			}
		}
		boolean anew = goToNextSegment();
		@Nullable Object[] before = anew ? this.acceptance.keys().ordered().none() : this.last.keysBefore(this.last.size);
		passOvertaken(before[0]);
		made.begin(this.segment);
		StreamException failure = merge(made);
		Page page = made.end(this.segment, anew, failure, before);
		if (page.size > 0 && this.firstKeys.length > 0 && this.firstKeys[0] == null) {
			this.firstKeys = page.keysAt(0);
		}
		this.last = page;
		return page;
	}

	/**
	 * Pass what comes too late of partitions that were silent.
	 * @param merged the last key of this segment, {@code null} if there is none yet
	 */
	private void passOvertaken(@Nullable Object merged) {
		for (MergedPartition partition : this.partitions) {
			boolean isBehind = partition.segment() < this.segment;
			if (isBehind || (partition.segment() == this.segment && merged != null)) {
				partition.passOvertaken(isBehind ? null : merged, this.late);
			}
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * As long as one partition is not over, the others are merged with it when they go
	 * on.
	 */
	@Override
	public void passLate() {
		PageMaker made = this.maker;
		if (made != null && this.last.isEndedInSilence()) {
			this.partitions.forEach((partition) -> partition.reader().passLate());
			this.last.appendLate(made.standing(this.segment));
		}
	}

	/**
	 * Once all partitions have passed a mark the order begins anew.
	 */
	private boolean goToNextSegment() {
		int least = Integer.MAX_VALUE;
		for (MergedPartition partition : this.partitions) {
			if (!partition.isOver()) {
				least = Math.min(least, partition.segment());
			}
		}
		boolean next = least > this.segment && least < Integer.MAX_VALUE;
		this.segment = next ? least : this.segment;
		return next;
	}

	/**
	 * Merge, unless what comes next of a partition is not known.
	 * @return what the page ends before
	 */
	private @Nullable StreamException merge(PageMaker made) {
		MergedPartition lacking = null;
		boolean anyAtHand = false;
		for (MergedPartition partition : this.partitions) {
			anyAtHand |= partition.isAtHand();
			if (isOfThisSegment(partition)) {
				StreamException failure = partition.failure();
				if (failure != null) {
					return failure;
				}
				lacking = (lacking == null && partition.isLacking()) ? partition : lacking;
			}
		}
		MergedPartition holding = anyAtHand ? lacking : null;
		if (holding != this.heldBackBy) {
			this.heldBackBy = holding;
		}
		if (lacking != null || !anyAtHand) {
			return null;
		}
		try {
			return made.merge(this.segment);
		}
		catch (Keys.IncomparableException ex) {
			return new StreamException(this.node.stream(),
					"the partitions of the " + this.node.source().location() + " can't be merged: " + ex.getMessage(),
					ex);
		}
	}

	@Override
	public Duration silence() {
		Duration least = null;
		for (MergedPartition partition : this.partitions) {
			if (!partition.isOver()) {
				Duration silence = partition.isLacking() ? partition.reader().silence() : Duration.ZERO;
				least = (least == null || silence.compareTo(least) < 0) ? silence : least;
			}
		}
		return (least != null) ? least : Duration.ZERO;
	}

	@Override
	public @Nullable Page peek() {
		return null;
	}

	@Override
	public boolean isChecked() {
		return true;
	}

	@Override
	public void checkOrder() {
		this.partitions.forEach(MergedPartition::checkOrder);
	}

	@Override
	public void reuse(KeyColumn[] columns) {
		this.acceptance.keys().reuse(columns);
	}

	@Override
	public boolean hasNews() {
		return this.partitions.stream().anyMatch((partition) -> partition.reader().hasNews());
	}

	@Override
	public boolean hasMoved() {
		for (MergedPartition partition : this.partitions) {
			if (partition.reader().hasMoved()) {
				return true;
			}
		}
		return false;
	}

	@Override
	public InputStatus.@Nullable KeyRange range(int column) {
		return this.last.range(this.firstKeys[column], column);
	}

	@Override
	public void committed(Checkpoint.@Nullable Input input) {
		MergedSource.Parts parts = (input != null) ? MergedSource.Parts.of(input.position()) : null;
		for (MergedPartition partition : this.partitions) {
			Checkpoint.Input known = (parts != null && partition.number < parts.size())
					? new Checkpoint.Input(parts.position(partition.number), Map.of()) : null;
			partition.reader().committed(known);
		}
	}

	@Override
	public void wakeUp() {
		this.partitions.forEach((partition) -> partition.reader().wakeUp());
	}

	@Override
	public OptionalLong remaining() {
		List<MergedPartition> known = this.partitions;
		long sum = 0;
		for (MergedPartition partition : known) {
			long remaining = partition.remaining();
			if (remaining < 0) {
				return OptionalLong.empty();
			}
			sum += remaining;
		}
		return known.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
	}

	/**
	 * The mean of the partitions, since nobody knows how many elements each will have.
	 */
	@Override
	public OptionalDouble progress(Position position) {
		MergedSource.Parts parts = MergedSource.Parts.of(position);
		double sum = 0;
		int number = Math.min(parts.size(), this.partitions.size());
		for (int i = 0; i < number; i++) {
			OptionalDouble of = parts.isOver(i) ? OptionalDouble.of(1)
					: this.partitions.get(i).reader().progress(parts.position(i));
			if (of.isEmpty()) {
				return OptionalDouble.empty();
			}
			sum += of.getAsDouble();
		}
		return (number > 0) ? OptionalDouble.of(sum / number) : OptionalDouble.empty();
	}

	@Override
	public @Nullable String heldBackBy() {
		MergedPartition partition = this.heldBackBy;
		return (partition != null) ? partition.location() : null;
	}

	@Override
	public void close() {
		RuntimeException failure = null;
		for (MergedPartition partition : this.partitions) {
			try {
				partition.close();
			}
			catch (RuntimeException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
