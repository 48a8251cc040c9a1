package dev.watermill.join.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.LaneId;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.InputStatus;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The inner join of a tree of streams, in the order of the master: steps from one master
 * element to the next and finds the matches of each. What it does at one edge is in
 * {@link Edge}. Used by one thread.
 *
 * @since 0.1.0
 */
public final class MergeJoin implements AutoCloseable {

	private final JoinTree tree;

	private final List<Node> nodes = new ArrayList<>();

	private final Node master;

	private final @Nullable Pairs pairs;

	private final Waiting waiting;

	private final int windowColumn;

	/** What holds master elements, in the order of their first ones. */
	private final List<Group> windows = new ArrayList<>(1);

	/** What shows one master element after another, where none is held. */
	private @Nullable Group single;

	/**
	 * Create a merge.
	 * @param tree what is joined
	 * @param lane who joins
	 * @param from where each stream is taken up again, {@code null} for the starts
	 * @param counters what is counted at each node, by the name of its stream
	 * @param holdsMatches whether elements with their matches are held beyond the next
	 * element, as a window does
	 * @param waiting knows how to wait
	 */
	public MergeJoin(JoinTree tree, LaneId lane, @Nullable Checkpoint from, Map<String, NodeCounters> counters,
			boolean holdsMatches, Waiting waiting) {
		this.tree = tree;
		this.waiting = waiting;
		List<OrderedKeys> expressions = new ArrayList<>();
		for (int i = 0; i < tree.nodes().size(); i++) {
			JoinNode definition = tree.nodes().get(i);
			OrderedKeys ordered = new OrderedKeys(orderedExpressions(tree, i));
			expressions.add(ordered);
			NodeCounters counted = counters.getOrDefault(definition.stream(), new NodeCounters());
			Acceptance acceptance = new Acceptance(definition, ordered, (i == 0) ? tree.windowKey() : null);
			Checkpoint.Input start = (from != null) ? from.inputs().get(definition.stream()) : null;
			this.nodes.add(new Node(definition.stream(),
					new Cursor(definition, lane, acceptance, counted, waiting, start), counted));
		}
		this.master = this.nodes.get(0);
		this.windowColumn = expressions.get(0).size();
		// from the leaves up, since a group knows how many edges are below it
		for (int i = this.nodes.size() - 1; i >= 0; i--) {
			List<Edge> edges = new ArrayList<>();
			for (int child : tree.children(i)) {
				edges.add(edge(child, expressions, i == 0 && !holdsMatches));
			}
			this.nodes.get(i).edges = edges.toArray(new Edge[0]);
		}
		this.pairs = Pairs.of(this.master);
		keepStarts(this.master, HeldGroups.OF_MASTER);
		this.nodes.forEach((node) -> node.cursor.beforeWaiting(this::beforeWaiting));
	}

	/**
	 * Let no group that is held keep a page alive.
	 */
	private void keepStarts(Node node, HeldGroups held) {
		node.cursor.beforeLettingGo((page) -> held.keepStarts(page, this.windows));
		for (int i = 0; i < node.edges.length; i++) {
			keepStarts(node.edges[i].child, held.below(node.edges[i], i));
		}
	}

	private Edge edge(int child, List<OrderedKeys> expressions, boolean reusable) {
		JoinNode definition = this.tree.nodes().get(child);
		KeyFunction<?> left = key(definition.leftKey());
		KeyFunction<?> right = key(definition.rightKey());
		return new Edge(this.nodes.get(child), definition, expressions.get(definition.parent()).indexOf(left),
				expressions.get(child).indexOf(right), KeyColumn.isPrimitive(left, right), reusable,
				this.tree.maxGroupSize());
	}

	private static List<KeyFunction<?>> orderedExpressions(JoinTree tree, int index) {
		List<KeyFunction<?>> expressions = new ArrayList<>();
		if (index > 0) {
			expressions.add(key(tree.nodes().get(index).rightKey()));
		}
		for (int child : tree.children(index)) {
			KeyFunction<?> left = key(tree.nodes().get(child).leftKey());
			if (!expressions.contains(left)) {
				expressions.add(left);
			}
		}
		return expressions;
	}

	private static KeyFunction<?> key(@Nullable KeyFunction<?> key) {
		if (key == null) {
			throw new IllegalStateException("An edge without keys");
		}
		return key;
	}

	/**
	 * Open all streams, so that a broker knows of all of them before the first is read.
	 */
	public void open() {
		this.nodes.forEach((node) -> node.cursor.open());
	}

	/**
	 * Wait, without moving on, for what came since the mill completed.
	 * @param timeout how long to wait for each stream
	 * @return what is known of it
	 */
	public News awaitNews(Duration timeout) {
		return StreamCompletion.awaitNews(this.nodes.stream().map((node) -> node.cursor.completion()).toList(),
				timeout);
	}

	/**
	 * See, before a stream is waited for, whether there is anything to wait for. Reads
	 * what is there of any stream, but waits for none.
	 */
	private void beforeWaiting() {
		if (this.master.canNeverMatch()) {
			this.waiting.nothingMatches();
		}
		checkOrder();
		verify();
	}

	/**
	 * The current master element.
	 * @return the element
	 */
	public Object element() {
		return this.master.cursor.element();
	}

	/**
	 * The window key of the current master element, if windows are made by key.
	 * @return the normal form of the key
	 */
	public Object windowKey() {
		return this.master.cursor.page.keys[this.windowColumn].get(this.master.cursor.index);
	}

	/**
	 * The key by which the first child is joined to the element at which a delivery
	 * begins: the first of the window, or else the current one.
	 * @return the normal form of the key, {@code null} if the master has no child
	 */
	public @Nullable Object key() {
		if (this.windowColumn == 0) {
			return null;
		}
		Group held = held();
		return !held.isEmpty() ? held.start().key() : this.master.cursor.page.keys[0].get(this.master.cursor.index);
	}

	/**
	 * Where the element at which a delivery begins stands, for people.
	 * @return its origin
	 */
	public String origin() {
		Group held = held();
		return !held.isEmpty() ? held.start().origin() : elementOrigin();
	}

	/**
	 * Where the current master element stands, for people.
	 * @return its origin
	 */
	public String elementOrigin() {
		return this.master.cursor.page.origin(this.master.cursor.index);
	}

	/**
	 * Return an empty group for master elements, which holds them until it is released. A
	 * merge may have several, of which those that are filled first are asked for first.
	 * @return the group
	 */
	public Group newWindow() {
		Group created = new Group(this.master.edges.length);
		this.windows.add(created);
		return created;
	}

	/**
	 * The first group that holds master elements; it is empty if none does.
	 */
	private Group held() {
		for (Group window : this.windows) {
			if (!window.isEmpty()) {
				return window;
			}
		}
		return Group.EMPTY;
	}

	/**
	 * Return a group that shows one master element after another, the only one for this
	 * merge, which holds no matches.
	 * @return the group
	 */
	public Group newSingle() {
		Group created = Group.single(this.master.edges);
		this.single = created;
		return created;
	}

	/**
	 * Put the current master element, with the matches that were found, into a group.
	 * @param window the group
	 */
	public void addTo(Group window) {
		window.add(this.master.cursor.page, this.master.cursor.index, this.master.edges);
	}

	/**
	 * Note that a group of master elements was delivered.
	 * @param window the group
	 */
	public void delivered(Group window) {
		window.markDelivered();
	}

	/**
	 * Note that the function failed for a group of master elements, and that the delivery
	 * is passed over.
	 * @param window the group
	 */
	public void failed(Group window) {
		window.fail(this.master);
	}

	/**
	 * Let go of a group of master elements, and make it empty.
	 * @param window the group
	 */
	public void release(Group window) {
		window.restart(this.master);
	}

	/**
	 * Check the order of all streams as far as they were read, and beyond where the merge
	 * stands as far as that is within reach: it is going to wait or to end.
	 * @throws StreamException if a key goes back where that stops the mill
	 */
	public void checkOrder() {
		this.nodes.forEach((node) -> node.cursor.checkOrder());
	}

	/**
	 * Let go of everything after the last delivery of all, so that it is counted, and
	 * pass what was rejected at the ends of streams.
	 */
	public void finish() {
		this.nodes.forEach((node) -> node.cursor.passRejected());
		this.master.releaseOpenGroups();
	}

	/**
	 * Walk along the master from its current element on, to its end if nothing ends the
	 * merge before, and show each element that has its matches together with them.
	 * @param consumer is given each of them, and each of all if it asks for that
	 * @throws StreamException if an element stops the mill
	 */
	public void run(MatchConsumer consumer) {
		Cursor cursor = this.master.cursor;
		MatchConsumer.OfAll all = (consumer instanceof MatchConsumer.OfAll ofAll) ? ofAll : null;
		boolean goesOn = true;
		while (goesOn && cursor.hasNext() && (all == null || all.arrived())) {
			Answer answer = this.master.resolve();
			if (answer == Answer.MATCH) {
				goesOn = matched(consumer, all == null);
			}
			else {
				this.master.skip(SkipReason.UNMATCHED);
				goesOn = answer != Answer.NEVER;
			}
		}
	}

	private boolean matched(MatchConsumer consumer, boolean pairsToo) {
		Cursor cursor = this.master.cursor;
		Group shown = this.single;
		if (shown == null) {
			boolean goesOn = consumer.matched();
			cursor.advance();
			return goesOn;
		}
		shown.show(cursor.page, cursor.index);
		boolean goesOn = consumer.matched();
		boolean succeeded = shown.markShown();
		if (succeeded) {
			shown.markDelivered();
		}
		cursor.advance();
		return goesOn && (!succeeded || !pairsToo || this.pairs == null || this.pairs.run(shown, consumer));
	}

	/**
	 * Whether the master has passed an element since positions were asked for, as far as
	 * it has not turned a page since.
	 * @return {@code true} if it has
	 */
	public boolean hasMoved() {
		if (this.master.cursor.isUncounted()) {
			return true;
		}
		for (Node node : this.nodes) {
			if (node.cursor.hasPassed()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Where every stream is to be taken up again, so that everything from the first
	 * element of the open window, or else from the current master element on, comes out
	 * the same.
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> positions() {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>();
		this.master.checkpoint(held(), positions);
		return positions;
	}

	/**
	 * Where every stream is to be taken up again that shows nothing new since the mill
	 * completed.
	 * @param from where they were taken up
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> positionsWithoutNews(Checkpoint from) {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>(from.inputs());
		for (Node node : this.nodes) {
			if (!node.cursor.completion().isBatch()) {
				positions.put(node.stream, node.cursor.checkpoint());
			}
		}
		return positions;
	}

	/**
	 * Fail if a broker found that a stream can't be read on, though it is not waited for.
	 */
	private void verify() {
		for (Node node : this.nodes) {
			node.cursor.verify();
		}
	}

	/**
	 * Where every stream is to be taken up again after the mill completed.
	 * @param byFunction whether the function ended the stream, so that everything goes on
	 * as after a stop; otherwise it goes on behind the marks
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> completedPositions(boolean byFunction) {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>();
		if (byFunction) {
			positions.putAll(positions());
			this.nodes.forEach((node) -> positions.computeIfPresent(node.stream,
					(stream, input) -> node.cursor.completion().at(input)));
		}
		else {
			this.master.checkpointBehind(null, positions);
		}
		return positions;
	}

	/**
	 * Tell the brokers how far the streams were read for good.
	 * @param checkpoint what was committed
	 */
	public void committed(Checkpoint checkpoint) {
		this.nodes.forEach((node) -> node.cursor.committed(checkpoint.inputs().get(node.stream)));
	}

	/**
	 * Where the master is to be taken up again: at the first of the window, or else at
	 * the current element.
	 * @return the position, {@code null} for its start
	 */
	public @Nullable Position masterPosition() {
		return this.master.position(held());
	}

	/**
	 * Where the current master element is read again.
	 * @return the position, {@code null} for the start of the stream
	 */
	public @Nullable Position elementPosition() {
		return this.master.position(Group.EMPTY);
	}

	/**
	 * What the broker knows, besides its value, of the element at which a delivery
	 * begins.
	 * @return the metadata, {@code null} if there is none
	 */
	public @Nullable ElementMetadata metadata() {
		Group held = held();
		return !held.isEmpty() ? held.start().metadata() : this.master.cursor.page.metadata(this.master.cursor.index);
	}

	/**
	 * Where a delivery begins in each stream.
	 * @return the origins, which stay as they are
	 */
	public Origins origins() {
		Origins origins = new Origins(this.nodes.size());
		this.master.origins(held(), origins);
		return origins;
	}

	/**
	 * What is known of each stream besides what was counted.
	 * @param checkpoint where the streams are to be taken up again
	 * @return the statuses, by the names of the streams
	 */
	public Map<String, InputStatus> statuses(Checkpoint checkpoint) {
		Map<String, InputStatus> statuses = new LinkedHashMap<>();
		this.master.status(null, null, checkpoint, statuses);
		return statuses;
	}

	/**
	 * How many elements are known now to stand behind those that were passed. Other
	 * threads than the one that merges may ask, too.
	 * @return the numbers, by the names of the streams, without those that are unknown
	 */
	public Map<String, Long> lags() {
		Map<String, Long> lags = new LinkedHashMap<>();
		for (Node node : this.nodes) {
			Long behind = node.cursor.remaining();
			if (behind != null) {
				lags.put(node.stream, behind);
			}
		}
		return lags;
	}

	@Override
	public void close() {
		this.master.close();
	}

}
