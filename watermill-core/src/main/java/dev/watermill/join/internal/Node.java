package dev.watermill.join.internal;

import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.count.internal.NodeCounters;
import dev.watermill.join.InputStatus;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * A stream at work in the merge: its cursor, and the edges to the streams below it.
 */
final class Node {

	final String stream;

	final Cursor cursor;

	final NodeCounters counters;

	Edge[] edges = {};

	Node(String stream, Cursor cursor, NodeCounters counters) {
		this.stream = stream;
		this.cursor = cursor;
		this.counters = counters;
	}

	/**
	 * Find the matches of the current element at every edge. They are in the edges' open
	 * groups afterwards.
	 * @return whether it has them all
	 */
	Answer resolve() {
		if (this.edges.length > 1) {
			// before one edge waits for what another one has no use for
			for (Edge edge : this.edges) {
				if (edge.isOverFor(this.cursor.page, this.cursor.index)) {
					return Answer.NEVER;
				}
			}
		}
		for (Edge edge : this.edges) {
			Answer answer = edge.seek(this.cursor.page, this.cursor.index);
			if (answer != Answer.MATCH) {
				return answer;
			}
		}
		return Answer.MATCH;
	}

	/**
	 * Whether no element of this stream from the current one on can have its matches,
	 * seen without waiting.
	 */
	boolean canNeverMatch() {
		for (Edge edge : this.edges) {
			if (edge.canNeverMatch(this.cursor)) {
				return true;
			}
		}
		return false;
	}

	void skip(SkipReason reason) {
		this.counters.skipped(reason).increment();
		this.cursor.advance();
	}

	/**
	 * Tell where this stream and those below it are to be taken up again.
	 * @param held the first group of this stream's elements that anyone still holds; it
	 * is empty if there is none, and then only the current element counts
	 */
	void checkpoint(Group held, Map<String, Checkpoint.Input> positions) {
		this.cursor.count();
		positions.put(this.stream, held.isEmpty() ? this.cursor.checkpoint() : held.start().input());
		for (int i = 0; i < this.edges.length; i++) {
			Edge edge = this.edges[i];
			edge.child.checkpoint(held.isEmpty() ? edge.open() : held.below(0, i), positions);
		}
	}

	/**
	 * Note where this stream and those below it are to be taken up again after the mill
	 * completed since streams were over: behind the marks, or else behind what was read.
	 * @param needed the group of this stream's elements that a later parent element may
	 * match, {@code null} if there is none
	 */
	void checkpointBehind(@Nullable Group needed, Map<String, Checkpoint.Input> positions) {
		this.cursor.count();
		positions.put(this.stream, this.cursor.completion()
			.behind((needed != null && !needed.isEmpty()) ? needed.start().input() : this.cursor.checkpoint()));
		boolean over = this.cursor.isKnownOver();
		for (int i = 0; i < this.edges.length; i++) {
			Edge edge = this.edges[i];
			Group below = (needed == null || needed.isEmpty()) ? edge.open() : needed.below(0, i);
			edge.child.checkpointBehind(over ? null : below, positions);
		}
	}

	/**
	 * Note down where a delivery begins in this stream and in those below it.
	 * @param delivered the first group of this stream's elements in it; it is empty for
	 * the current element
	 */
	void origins(Group delivered, Origins origins) {
		origins.add(this.stream,
				delivered.isEmpty() ? this.cursor.page.standing(this.cursor.index) : delivered.standing());
		for (int i = 0; i < this.edges.length; i++) {
			Edge edge = this.edges[i];
			edge.child.origins(delivered.isEmpty() ? edge.open() : delivered.below(0, i), origins);
		}
	}

	@Nullable Position position(Group held) {
		if (held.isEmpty()) {
			return this.cursor.position();
		}
		Position start = held.start().input().position();
		return start.equals(Position.empty()) ? null : start;
	}

	/**
	 * Tell what is known of this stream and those below it.
	 * @param parent its parent, {@code null} for the master
	 * @param above the edge to its parent, {@code null} for the master
	 */
	void status(@Nullable Node parent, @Nullable Edge above, Checkpoint checkpoint, Map<String, InputStatus> statuses) {
		statuses.put(this.stream,
				new InputStatus(this.cursor.key(), (above != null) ? above.open().size() : 0, this.cursor.remaining(),
						this.cursor.progress(checkpoint.inputs().get(this.stream)),
						(above != null) ? above.unmatched() : null,
						(above != null && parent != null) ? above.leftRange(parent.cursor) : null,
						(above != null) ? above.rightRange() : null));
		for (Edge edge : this.edges) {
			edge.child.status(this, edge, checkpoint, statuses);
		}
	}

	void releaseOpenGroups() {
		for (Edge edge : this.edges) {
			edge.open().release(edge.child);
			edge.child.releaseOpenGroups();
		}
	}

	void close() {
		this.cursor.close();
		for (Edge edge : this.edges) {
			edge.child.close();
		}
	}

}
