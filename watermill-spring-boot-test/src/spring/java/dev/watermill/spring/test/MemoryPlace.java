package dev.watermill.spring.test;

/**
 * By which it is seen that one mill reads what another writes.
 *
 * @param stream the name of the stream
 */
record MemoryPlace(String stream) {

	String location() {
		return "in-memory stream " + this.stream;
	}

}
