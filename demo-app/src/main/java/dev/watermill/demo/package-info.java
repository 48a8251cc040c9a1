/**
 * The demo: mills over real weather and made-up robots, in one web application.
 */
package dev.watermill.demo;
