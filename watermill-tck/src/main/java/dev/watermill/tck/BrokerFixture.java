package dev.watermill.tck;

import java.util.List;

/**
 * What the kit needs to know of a broker to read from it and to write to it.
 *
 * @since 0.1.0
 */
public interface BrokerFixture extends SourceFixture {

	/**
	 * Return what a careful reader sees of an output: nothing that could be taken back.
	 * @param stream the name of the stream
	 * @return its elements
	 */
	List<Item> results(String stream);

	/**
	 * Whether a reader of an output sees that it is over.
	 * @param stream the name of the stream
	 * @return {@code true} if it is over
	 */
	boolean isEnded(String stream);

}
