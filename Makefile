# Everything a newcomer needs: `make run` on a Debian 12 with git and make. The work is done by
# the scripts in tools/, each of which says what it does.
LISTEN = 127.0.0.1:8080
DB = var/demo.db

.PHONY: screenshots deb deb-check stranger help setup build run test tidy describe bench sim model soak fuzz clean
help:
	@echo 'make run     install what is missing, build, serve the demo city on http://$(LISTEN)'
	@echo 'make build   the same without starting: leaves build/fengqiao'
	@echo 'make test    every test; ends with the line "N passed, N failed"'
	@echo 'make tidy    the house rules'
	@echo 'make describe  interface, states, permissions and types as committed, from the program'
	@echo 'make bench DB=sqlite|postgres   the figures of docs/performance.md'
	@echo 'make sim     10,000 seeds of the simulation, with faults'
	@echo 'make model   the life of a matter checked by SPIN: interleavings, crashes, liveness'
	@echo 'make soak    hours of load, kills and faults'
	@echo 'make fuzz    60 seconds of each fuzz target'
	@echo 'make deb     the Debian package, in build/deb'
	@echo 'make deb-check  the same twice, compared; installed, upgraded and removed in a folder'
	@echo 'make stranger  the package on a bare Debian 12: set up, used, upgraded, removed'
	@echo 'make screenshots  the pictures of the README, anew'
	@echo 'make setup   only install what building needs; make clean removes what was built'
setup:
	@tools/setup.sh
build: setup
	@tools/build.sh
run: build
	@mkdir -p $(dir $(DB))
	@echo '>> build/fengqiao demo --listen $(LISTEN) --db $(DB)   (stop it with Ctrl-C)'
	@exec build/fengqiao demo --listen $(LISTEN) --db $(DB)
test:
	@tools/test.sh
tidy: setup
	@tools/tidy
screenshots: build
	@tools/setup.sh test && tools/node/bin/node tools/screenshots.mjs
describe: build
	@tools/describe.sh
bench:
	@tools/setup.sh bench && tools/build.sh && tests/bench/run.sh --db $(if $(filter postgres,$(DB)),postgres,sqlite)
sim:
	@tools/setup.sh && tools/build.sh && tests/sim/run.sh
model:
	@tools/setup.sh model && tests/model/run.sh
soak:
	@tools/setup.sh test bench && tools/build.sh && tests/fault/soak.sh
fuzz:
	@tools/setup.sh fuzz && tests/fuzz/run.sh
deb:
	@tools/setup.sh build deb && packaging/deb.sh
deb-check:
	@tools/setup.sh build deb && packaging/deb-check.sh
stranger:
	@tools/setup.sh build deb && packaging/stranger.sh
clean:
	rm -rf build build-* web/dist
