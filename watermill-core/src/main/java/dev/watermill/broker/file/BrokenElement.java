package dev.watermill.broker.file;

import java.util.Arrays;

/**
 * Finds where an element of an array ends that is no JSON, so that it costs no other. It
 * ends at the first of these:
 * <ul>
 * <li>before the comma, or the array's closing bracket, that follows when all its
 * brackets are closed; a bracket closes all that were opened since its counterpart, one
 * without a counterpart is passed over;
 * <li>before a line that begins as the element's own line does, with the same white space
 * and the same character, if the fault was seen in the line before it or further on;
 * <li>before the comma behind which an object stands where only a name can stand;
 * <li>before the first line that begins as the element's own line does, if nothing else
 * is found in the next 64 KiB;
 * <li>at the end of the file.
 * </ul>
 * A text ends at the end of its line at the latest.
 */
final class BrokenElement {

	private static final int LOOK_AHEAD = 64 * 1024;

	private static final int UNKNOWN = -1;

	private final byte[] bytes;

	private final int start;

	private final int limit;

	private final boolean complete;

	// What begins the element's line, its first character included; empty if it doesn't
	// begin a line
	private final byte[] lineBegin;

	private byte[] open = new byte[16];

	private int depth;

	private int deeper;

	/**
	 * Create a search.
	 * @param bytes the bytes
	 * @param start where the element begins
	 * @param limit where the bytes end
	 * @param complete whether nothing stands behind them
	 */
	BrokenElement(byte[] bytes, int start, int limit, boolean complete) {
		this.bytes = bytes;
		this.start = start;
		this.limit = limit;
		this.complete = complete;
		this.lineBegin = LineBegin.of(bytes, start);
	}

	/**
	 * Return where the element ends.
	 * @param error where it was seen that it isn't JSON
	 * @return the index behind it, or below zero if more bytes are needed to tell
	 */
	int end(int error) {
		int linesLeft = Newlines.count(this.bytes, this.start, error) + 1;
		int fallback = this.limit;
		boolean inText = false;
		int lastComma = UNKNOWN;
		for (int i = this.start; i < this.limit; i++) {
			byte current = this.bytes[i];
			if (i - this.start > LOOK_AHEAD && fallback < this.limit) {
				return fallback;
			}
			if (current == '\n') {
				inText = false;
				if (!this.complete && this.limit - i <= this.lineBegin.length) {
					return UNKNOWN;
				}
				if (LineBegin.follows(this.bytes, i + 1, this.limit, this.lineBegin)) {
					if (linesLeft > 0) {
						return i + 1;
					}
					fallback = Math.min(fallback, i + 1);
				}
				linesLeft--;
			}
			else if (inText) {
				if (current == '\\' && i + 1 < this.limit && this.bytes[i + 1] != '\n') {
					i++;
				}
				inText = current != '"';
			}
			else if (current == '"') {
				inText = true;
				lastComma = UNKNOWN;
			}
			else if (current == '{' || current == '[') {
				if (current == '{' && lastComma != UNKNOWN && this.depth > 0 && this.open[this.depth - 1] == '{') {
					return lastComma;
				}
				open(current);
				lastComma = UNKNOWN;
			}
			else if (current == '}' || current == ']') {
				if (!close(current) && current == ']') {
					int next = WhiteSpace.skip(this.bytes, i + 1, this.limit);
					if (this.depth == 0 || next == this.limit) {
						return (this.depth == 0 || this.complete) ? i : UNKNOWN;
					}
				}
				lastComma = UNKNOWN;
			}
			else if (current == ',') {
				if (this.depth == 0) {
					return i;
				}
				lastComma = i;
			}
			else if (!WhiteSpace.is(current)) {
				lastComma = UNKNOWN;
			}
		}
		return this.complete ? fallback : UNKNOWN;
	}

	byte[] copy(int end) {
		int last = end;
		while (last > this.start && (WhiteSpace.is(this.bytes[last - 1]) || this.bytes[last - 1] == ',')) {
			last--;
		}
		return Arrays.copyOfRange(this.bytes, this.start, last);
	}

	private void open(byte bracket) {
		if (this.depth == JsonSyntax.MAX_DEPTH) {
			this.deeper++;
			return;
		}
		if (this.depth == this.open.length) {
			this.open = Arrays.copyOf(this.open, this.depth * 2);
		}
		this.open[this.depth++] = bracket;
	}

	private boolean close(byte bracket) {
		if (this.deeper > 0) {
			this.deeper--;
			return true;
		}
		byte counterpart = (byte) ((bracket == '}') ? '{' : '[');
		for (int i = this.depth - 1; i >= 0; i--) {
			if (this.open[i] == counterpart) {
				this.depth = i;
				return true;
			}
		}
		return false;
	}

}
