import { render } from 'preact';
import { App } from './app.tsx';
import { startFeed } from './feed/startFeed.ts';
import { followTitle } from './followTitle.ts';
import 'uplot/dist/uPlot.min.css';
import './styles.css';

startFeed();
followTitle();
render(<App />, document.getElementById('app')!);
