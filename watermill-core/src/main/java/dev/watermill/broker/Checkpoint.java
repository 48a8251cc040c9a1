package dev.watermill.broker;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * All positions of one lane of a mill at one moment: taken up here, it goes on as if
 * nothing had happened. Immutable.
 *
 * @param inputs where to go on, for each node of the join tree by its stream's name
 * @param outputs how far each output reaches, by its stream's name
 * @param completed whether the lane has completed this run
 * @param run in which run of the mill, from 1: a start after all lanes have completed
 * begins the next one
 * @param lanes with how many lanes the mill began, 0 if that is not known: those that
 * were added since have nothing of which it was said where to begin
 * @since 0.1.0
 */
public record Checkpoint(Map<String, Input> inputs, Map<String, Position> outputs, boolean completed, int run,
		int lanes) {

	/**
	 * Create a checkpoint.
	 * @param inputs where to go on, for each node by its stream's name
	 * @param outputs how far each output reaches, by its stream's name
	 * @param completed whether the lane has completed this run
	 * @param run in which run of the mill, from 1
	 * @param lanes with how many lanes the mill began, 0 if that is not known
	 */
	public Checkpoint {
		inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
		outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
	}

	/**
	 * Create a checkpoint of a mill that began with nobody knows how many lanes.
	 * @param inputs where to go on, for each node by its stream's name
	 * @param outputs how far each output reaches, by its stream's name
	 * @param completed whether the lane has completed this run
	 * @param run in which run of the mill, from 1
	 */
	public Checkpoint(Map<String, Input> inputs, Map<String, Position> outputs, boolean completed, int run) {
		this(inputs, outputs, completed, run, 0);
	}

	/**
	 * Create a checkpoint of the first run.
	 * @param inputs where to go on, for each node by its stream's name
	 * @param outputs how far each output reaches, by its stream's name
	 * @param completed whether the lane has completed
	 */
	public Checkpoint(Map<String, Input> inputs, Map<String, Position> outputs, boolean completed) {
		this(inputs, outputs, completed, 1);
	}

	/**
	 * Where one node goes on.
	 *
	 * @param position where to read again
	 * @param lastKeys the last accepted key before it by expression, in a text form of
	 * the engine's; empty at the start and behind a mark, where the order begins anew.
	 * The expressions keep their order, which means nothing
	 * @param letters how far dead letters have been written: what stands before it and is
	 * among those that were {@code written} is not written again; {@code null} if that is
	 * where to read again
	 * @param written which elements before that are dead letters, by their
	 * {@linkplain Batch#number numbers}. In a text form of the engine's; {@code null} if
	 * there are none, or too many: then whatever was refused there is taken for one
	 * @param delivered what has been delivered of that to which elements behind the
	 * position may belong: windows of the master, groups of a child that was silent. In a
	 * text form of the engine's; {@code null} if there is nothing
	 * @param read how far it was read, though it is taken up again before that: there it
	 * goes on if nobody asks for it any more. In a text form of the engine's;
	 * {@code null} if that is where to read again
	 */
	public record Input(Position position, Map<String, String> lastKeys, @Nullable Position letters,
			@Nullable String written, @Nullable String delivered, @Nullable String read) {

		/**
		 * Create an input's part.
		 * @param position where to read again
		 * @param lastKeys the last accepted key before it by expression
		 * @param letters how far dead letters have been written
		 * @param written which elements before that are dead letters
		 * @param delivered what has been delivered of that to which elements behind the
		 * position may belong
		 * @param read how far it was read
		 */
		public Input {
			lastKeys = Collections.unmodifiableMap(new LinkedHashMap<>(lastKeys));
		}

		/**
		 * Create an input's part of which nothing behind the position has been delivered.
		 * @param position where to read again
		 * @param lastKeys the last accepted key before it by expression
		 * @param letters how far dead letters have been written
		 */
		public Input(Position position, Map<String, String> lastKeys, @Nullable Position letters) {
			this(position, lastKeys, letters, null, null, null);
		}

		/**
		 * Create an input's part without dead letters behind the position.
		 * @param position where to read again
		 * @param lastKeys the last accepted key before it by expression
		 */
		public Input(Position position, Map<String, String> lastKeys) {
			this(position, lastKeys, null);
		}

		/**
		 * Return this with the dead letters behind the position.
		 * @param nowLetters how far they have been written
		 * @param nowWritten which elements before that they are
		 * @return the input's part
		 */
		public Input withLetters(@Nullable Position nowLetters, @Nullable String nowWritten) {
			return new Input(this.position, this.lastKeys, nowLetters, nowWritten, this.delivered, this.read);
		}

		/**
		 * Return this with what has been delivered.
		 * @param nowDelivered what has been delivered of that to which elements behind
		 * the position may belong
		 * @return the input's part
		 */
		public Input withDelivered(@Nullable String nowDelivered) {
			return new Input(this.position, this.lastKeys, this.letters, this.written, nowDelivered, this.read);
		}

		/**
		 * Return this with how far it was read.
		 * @param nowRead how far it was read
		 * @return the input's part
		 */
		public Input withRead(@Nullable String nowRead) {
			return new Input(this.position, this.lastKeys, this.letters, this.written, this.delivered, nowRead);
		}

	}

}
