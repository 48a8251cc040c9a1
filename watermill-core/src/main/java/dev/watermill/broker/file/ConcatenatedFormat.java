package dev.watermill.broker.file;

import org.jspecify.annotations.Nullable;

/**
 * One value behind the other, with any white space between them or none, over as many
 * lines as they take; also a JSON text sequence (RFC 7464). Where one is no JSON, the
 * next begins where its brackets are closed, where an object begins directly behind the
 * end of another, behind a record separator, or at a line that begins as its own does.
 */
final class ConcatenatedFormat implements ElementFormat {

	private final BoundFile file;

	private final ElementDecoding decoding;

	private final NextValue next;

	private final int maxElementSize;

	private @Nullable LongElement passed;

	ConcatenatedFormat(BoundFile file, ElementDecoding decoding, JsonSyntax syntax, int maxElementSize) {
		this.file = file;
		this.decoding = decoding;
		this.next = new NextValue(syntax, maxElementSize, false);
		this.maxElementSize = maxElementSize;
	}

	@Override
	public boolean read(ReadBuffer buffer, Elements elements) {
		byte[] bytes = buffer.bytes();
		int limit = buffer.limit();
		int at = buffer.mark();
		if (this.passed != null) {
			at = pass(buffer, elements, this.passed, at);
			return at == limit && buffer.isAtEnd();
		}
		at = skip(bytes, ByteOrderMark.skip(buffer, this.file), limit);
		NextValue.Kind kind = NextValue.Kind.VALUE;
		while (at < limit && (kind == NextValue.Kind.VALUE || kind == NextValue.Kind.INVALID)) {
			kind = this.next.find(bytes, at, limit, buffer.isAtEnd());
			if (kind == NextValue.Kind.VALUE || kind == NextValue.Kind.INVALID) {
				int end = this.next.end();
				elements.add(this.decoding.one(buffer, at, end), at, end);
				at = skip(bytes, end, limit);
			}
		}
		if (elements.size() == 0 && (kind == NextValue.Kind.BROKEN || kind == NextValue.Kind.TOO_LONG)) {
			elements.passWithin(at, at);
			String problem = (kind == NextValue.Kind.BROKEN) ? this.next.problem() : null;
			at = pass(buffer, elements, LongElement.concatenated(problem, bytes, at, this.maxElementSize), at);
		}
		elements.pass(at);
		return at == limit && buffer.isAtEnd();
	}

	private int pass(ReadBuffer buffer, Elements elements, LongElement element, int from) {
		int taken = element.take(buffer.bytes(), from, buffer.limit(), buffer.isAtEnd());
		this.passed = element;
		if (element.isEnded() || buffer.isAtEnd()) {
			this.passed = null;
			elements.add(element.toInvalid(), from, taken);
		}
		elements.pass(taken);
		return taken;
	}

	private static int skip(byte[] bytes, int from, int limit) {
		int at = WhiteSpace.skip(bytes, from, limit);
		while (at < limit && bytes[at] == WhiteSpace.RECORD_SEPARATOR) {
			at = WhiteSpace.skip(bytes, at + 1, limit);
		}
		return at;
	}

}
