package dev.watermill.broker.file;

import java.util.Arrays;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.InvalidElement;

/**
 * One array that holds all elements. An element is what stands between two commas; where
 * one is no JSON, {@link BrokenElement} finds its end.
 * <p>
 * The mark of an element is the end of the one before it, in front of the comma; so that
 * a file which was cut off or lacks a comma can be repaired there.
 */
final class ArrayFormat implements ElementFormat {

	private static final int SHOWN = 1024;

	private final BoundFile file;

	private final ElementDecoding decoding;

	private final JsonSyntax syntax;

	private final int maxElementSize;

	ArrayFormat(BoundFile file, ElementDecoding decoding, JsonSyntax syntax, int maxElementSize) {
		this.file = file;
		this.decoding = decoding;
		this.syntax = syntax;
		this.maxElementSize = maxElementSize;
	}

	@Override
	public boolean read(Window window, Elements elements) {
		Next next = Next.RUN;
		while (next == Next.RUN || next == Next.ALONE) {
			boolean alone = next == Next.ALONE;
			next = (window.isAtStart() && elements.size() == 0) ? begin(window, elements)
					: behindElement(window, elements, alone);
		}
		return next == Next.OVER;
	}

	private Next begin(Window window, Elements elements) {
		int mark = window.mark();
		int limit = window.limit();
		if (limit - mark < ByteOrderMark.LENGTH && !window.isAtEnd()) {
			return Next.MORE;
		}
		int first = WhiteSpace.skip(window.bytes(), ByteOrderMark.skip(window, this.file), limit);
		if (first < limit && window.bytes()[first] == '[') {
			return element(window, elements, first + 1, false, false);
		}
		if (limit - first < SHOWN && !window.isAtEnd()) {
			return Next.MORE;
		}
		String found = (first == limit) ? "nothing" : "'" + (char) window.bytes()[first] + "'";
		elements.addLast(new InvalidElement("Expected an array, which begins with '[', found " + found
				+ ". A file with an element a line is named .jsonl or .ndjson", shown(window, first), null), limit);
		return Next.OVER;
	}

	private Next behindElement(Window window, Elements elements, boolean alone) {
		byte[] bytes = window.bytes();
		int next = WhiteSpace.skip(bytes, elements.end(), window.limit());
		if (next < window.limit() && bytes[next] == ',') {
			return element(window, elements, next + 1, true, alone);
		}
		// Behind a broken element there may be no comma
		return element(window, elements, next, false, alone);
	}

	private Next element(Window window, Elements elements, int from, boolean behindComma, boolean alone) {
		int start = WhiteSpace.skip(window.bytes(), from, window.limit());
		if (start == window.limit()) {
			return window.isAtEnd() ? cutOff(window, elements) : more(window, elements, start);
		}
		byte first = window.bytes()[start];
		if (first == ',' || (first == ']' && behindComma)) {
			elements.add(new InvalidElement("Expected an element, found '" + (char) first + "'", new byte[0], null),
					start);
			return Next.RUN;
		}
		if (first == ']') {
			return end(window, elements, start + 1);
		}
		int before = elements.size();
		if (!alone) {
			this.decoding.array(window, start, elements);
		}
		return (elements.size() > before) ? Next.ALONE : single(window, elements, start);
	}

	/**
	 * Look at one element alone: it is not whole yet, or something is wrong with it.
	 */
	private Next single(Window window, Elements elements, int start) {
		byte[] bytes = window.bytes();
		int limit = window.limit();
		int end = this.syntax.end(bytes, start, limit);
		int error = -end;
		if (end > 0) {
			int next = WhiteSpace.skip(bytes, end, limit);
			boolean whole = (next < limit) ? (bytes[next] == ',' || bytes[next] == ']') : endsItself(bytes[end - 1]);
			if (whole && (next < limit || window.isAtEnd())) {
				elements.add(this.decoding.one(window, start, end), end);
				return Next.RUN;
			}
			error = next;
		}
		boolean tooLong = limit - start >= this.maxElementSize;
		if (error >= limit && !window.isAtEnd() && !tooLong) {
			return more(window, elements, start);
		}
		BrokenElement broken = new BrokenElement(bytes, start, limit, window.isAtEnd() || tooLong);
		int brokenEnd = broken.end(Math.min(error, limit));
		if (brokenEnd < 0) {
			return more(window, elements, start);
		}
		if (brokenEnd == limit && !window.isAtEnd()) {
			throw tooLong(window, start);
		}
		elements.add(new InvalidElement(problem(end > 0, tooLong), broken.copy(brokenEnd), null), brokenEnd);
		return Next.RUN;
	}

	private String problem(boolean json, boolean tooLong) {
		if (tooLong) {
			return "Found no end of the element within " + this.maxElementSize + " bytes";
		}
		return json ? "Expected ',' or ']' behind the element" : this.syntax.problem();
	}

	private static boolean endsItself(byte last) {
		return last == '}' || last == ']' || last == '"';
	}

	private Next more(Window window, Elements elements, int start) {
		if (start - window.mark() >= this.maxElementSize && elements.size() == 0) {
			throw tooLong(window, start);
		}
		return Next.MORE;
	}

	private Next cutOff(Window window, Elements elements) {
		String reason = (window.truncation() != null) ? window.truncation() : "the file ends in the middle";
		elements.addLast(new InvalidElement("Expected ',' or ']', but " + reason + ". Restore the rest of it",
				new byte[0], null), window.limit());
		return Next.OVER;
	}

	private Next end(Window window, Elements elements, int behind) {
		int next = WhiteSpace.skip(window.bytes(), behind, window.limit());
		if (next < window.limit() && window.limit() - next < SHOWN && !window.isAtEnd()) {
			return Next.MORE;
		}
		if (next < window.limit()) {
			elements.addLast(new InvalidElement("Expected nothing behind the array's closing ']', found more",
					shown(window, next), null), window.limit());
		}
		else if (!window.isAtEnd()) {
			return more(window, elements, next);
		}
		else if (window.truncation() != null) {
			elements.addLast(new InvalidElement(window.truncation() + ". Restore the file", null, null), next);
		}
		return Next.OVER;
	}

	private byte[] shown(Window window, int from) {
		return Arrays.copyOfRange(window.bytes(), from, Math.min(window.limit(), from + SHOWN));
	}

	private BrokerException tooLong(Window window, int start) {
		return this.file.failure("has at offset " + (window.origin() + start) + " an element of more than "
				+ this.maxElementSize + " bytes. Break it up, or raise the broker's limit for the size of an element.",
				null);
	}

	/**
	 * What to do next.
	 */
	private enum Next {

		/**
		 * Read all elements that are well.
		 */
		RUN,

		/**
		 * Look at the next element alone, since it may not be well.
		 */
		ALONE,

		/**
		 * Read more of the file.
		 */
		MORE,

		/**
		 * Stop: the stream is over.
		 */
		OVER

	}

}
